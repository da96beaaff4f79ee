using Varve.Model;
using Varve.Model.Bounds;
using Varve.Platform;
using Varve.Platform.Files;
using Varve.Restore.Entries;
using Varve.Restore.Target;

namespace Varve.Archives.Extract;

/// <summary>
/// Writes entries below a directory, by what restores write with: nothing leaves the target, no link is followed, nothing that is there is
/// replaced. Directories are made when something in them is, and get their metadata when all is there. Thread-safe but for
/// <see cref="Finish"/>.
/// </summary>
internal sealed class ExtractTarget : IDisposable
{
    private readonly MetadataLosses _losses = new();
    private readonly MetadataSetter _owners, _noOwners;
    private readonly FileWriter _files, _filesWithout;
    private readonly SpecialFiles _others, _othersWithout;
    private readonly TargetDirectory _root;
    private readonly FileTime _now;
    private readonly Dictionary<string, TargetDirectory> _directories = []; // guarded by itself; each with a reference
    private readonly Dictionary<string, (TargetDirectory Directory, byte[] Name, TargetFileId Id)> _made = []; // guarded by itself
    private readonly BoundedList<Failure> _failures = new(10_000, static f => f.Footprint);
    private readonly ThreadLocal<(byte[][] Parts, TargetDirectory? Directory)> _last = new(); // what a thread was in before
    private bool _isReleased;

    internal ExtractTarget(ExtractOptions options)
    {
        TargetDescriptors.Reserve();
        _now = FileTime.From(options.Time.GetUtcNow());
        _owners = new MetadataSetter(_losses) { SkipsOwner = options.NoOwner, SkipsXattrs = options.NoXattrs };
        _noOwners = new MetadataSetter(_losses) { SkipsOwner = true, SkipsXattrs = options.NoXattrs };
        (_files, _filesWithout) = (new FileWriter(_owners), new FileWriter(_noOwners));
        (_others, _othersWithout) = (new SpecialFiles(_owners), new SpecialFiles(_noOwners));
        _root = TargetRoot.Open(options.Target, merge: true, Complete);
        _directories[""] = _root;
    }

    /// <summary>Permission bits that the process does not give.</summary>
    internal uint Umask => _root.Umask == Modes.Everything ? Modes.WritableByOthers : _root.Umask;

    /// <summary>What failed so far.</summary>
    internal (Failure[] First, long Count) Failures => _failures.Result(Failure.ByPath);

    /// <summary>What could not be set.</summary>
    internal IReadOnlyList<string> Losses => _losses.Lines();

    /// <summary>Something was not extracted.</summary>
    internal void Fail(byte[] path, string why) => _failures.Add(new Failure(path, FailedOperation.Write, 0, why));

    /// <summary>Makes a directory, or takes one that is there, which then gets these metadata; whether it is there.</summary>
    internal bool MakeDirectory(byte[] path, byte[][] parts, in EntryStat stat, EntryDetails? details, bool hasOwner)
    {
        TargetDirectory? directory = Enter(path, parts);
        if (directory is null) { return false; }
        lock (_directories)
        {
            directory.Stat = hasOwner ? stat : stat with { Uid = directory.Uid, Gid = directory.Gid };
            directory.Details = details;
        }

        return true;
    }

    /// <summary>Writes a small file; whether it is there.</summary>
    internal bool WriteSmall(byte[] path, byte[][] parts, ReadOnlySpan<byte> content, in EntryStat stat, EntryDetails? details,
        bool hasOwner, bool remembers)
    {
        if (Enter(path, parts.AsSpan(..^1)) is not { } directory) { return false; }
        FileWriter files = hasOwner ? _files : _filesWithout;
        RestoreOutcome outcome = files.WriteSmall(directory, parts[^1], content, in stat, details, tellsId: remembers);
        return Settle(path, parts, directory, in outcome, remembers);
    }

    /// <summary>Creates a large file, to be written; null if that cannot be.</summary>
    internal RestoredFile? Create(byte[] path, byte[][] parts, long size, bool hasOwner)
    {
        if (Enter(path, parts.AsSpan(..^1)) is not { } directory) { return null; }
        RestoreOutcome outcome = (hasOwner ? _files : _filesWithout).CreateFile(directory, parts[^1], size, out RestoredFile? file);
        if (!outcome.Ok) { _failures.Add(outcome.ToFailure(path)); }
        return file;
    }

    /// <summary>A large file is written; whether it is there.</summary>
    internal bool Finish(byte[] path, byte[][] parts, RestoredFile file, in EntryStat stat, EntryDetails? details, bool remembers)
    {
        RestoreOutcome outcome = file.Finish(in stat, details);
        return Settle(path, parts, Enter(path, parts.AsSpan(..^1))!, in outcome, remembers);
    }

    /// <summary>Makes a symlink, fifo or device; whether it is there.</summary>
    internal bool MakeOther(byte[] path, byte[][] parts, in EntryStat stat, EntryDetails details, bool hasOwner, bool remembers)
    {
        if (Enter(path, parts.AsSpan(..^1)) is not { } directory) { return false; }
        RestoreOutcome outcome;
        try { outcome = (hasOwner ? _others : _othersWithout).Create(directory, parts[^1], in stat, details); }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged)
        {
            Fail(path, e.Message);
            return false;
        }

        return Settle(path, parts, directory, in outcome, remembers);
    }

    /// <summary>Whether something was extracted that can get a further name.</summary>
    internal bool Has(byte[][] parts)
    {
        lock (_made) { return _made.ContainsKey(ExtractPath.Key(parts)); }
    }

    /// <summary>Gives what was extracted a further name; whether it has it.</summary>
    internal bool Link(byte[] path, byte[][] parts, byte[][] to)
    {
        if (Enter(path, parts.AsSpan(..^1)) is not { } directory) { return false; }
        bool isMade;
        (TargetDirectory Directory, byte[] Name, TargetFileId Id) first;
        lock (_made) { isMade = _made.TryGetValue(ExtractPath.Key(to), out first); }
        if (!isMade)
        {
            Fail(path, "it is a further name of something that was not extracted before");
            return false;
        }

        RestoreOutcome outcome = SpecialFiles.Link(first.Directory, first.Name, first.Id, directory, parts[^1]);
        return Settle(path, parts, directory, in outcome, remembers: false);
    }

    /// <summary>All is written: sets the metadata of directories, and makes everything durable.</summary>
    /// <exception cref="VarveException">Storage: it cannot be made durable.</exception>
    internal void Finish()
    {
        int errno = _root.Sync();
        Release();
        if (errno == 0) { return; }
        throw new VarveException(ErrorKind.Storage, Subject.Target(_root.DisplayPath([])), $"cannot be made durable: {Errno.Message(errno)}",
            Advice.ChooseTarget);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isReleased)
        {
            _files.AbandonAll();
            _filesWithout.AbandonAll();
        }

        _root.CloseAll();
        _last.Dispose();
    }

    private void Release()
    {
        _isReleased = true;
        foreach (TargetDirectory directory in _directories.Values) { directory.Release(); }
        _directories.Clear();
    }

    private bool Settle(byte[] path, byte[][] parts, TargetDirectory directory, in RestoreOutcome outcome, bool remembers)
    {
        if (!outcome.Ok) { _failures.Add(outcome.ToFailure(path)); }
        if (outcome.Created && remembers && outcome.Id != default)
        {
            lock (_made) { _made[ExtractPath.Key(parts)] = (directory, parts[^1], outcome.Id); }
        }

        return outcome.Created;
    }

    /// <summary>The directory at a path, made as far as it is missing; null if something is in the way, which is said then.</summary>
    private TargetDirectory? Enter(byte[] path, ReadOnlySpan<byte[]> parts)
    {
        (byte[][] lastParts, TargetDirectory? last) = _last.Value;
        if (last is not null && IsSame(lastParts, parts)) { return last; }
        if (Find(path, parts) is not { } found) { return null; }
        _last.Value = (parts.ToArray(), found);
        return found;
    }

    private static bool IsSame(ReadOnlySpan<byte[]> a, ReadOnlySpan<byte[]> b)
    {
        if (a.Length != b.Length) { return false; }
        for (int i = a.Length - 1; i >= 0; i--)
        {
            if (!a[i].AsSpan().SequenceEqual(b[i])) { return false; }
        }

        return true;
    }

    private TargetDirectory? Find(byte[] path, ReadOnlySpan<byte[]> parts)
    {
        lock (_directories)
        {
            TargetDirectory at = _root;
            for (int i = 1; i <= parts.Length; i++)
            {
                string key = ExtractPath.Key(parts[..i]);
                if (_directories.TryGetValue(key, out TargetDirectory? known))
                {
                    at = known;
                    continue;
                }

                RestoreOutcome outcome = at.CreateChild(parts[i - 1], out TargetDirectory? child);
                if (!outcome.Ok)
                {
                    _failures.Add(outcome.ToFailure(path));
                    return null;
                }

                _directories[key] = at = child!;
            }

            return at;
        }
    }

    private void Complete(TargetDirectory directory)
    {
        if (directory.Stat.Kind == EntryKind.None)
        {
            // No entry of the archive: made on the way, or there before.
            if (directory.IsForeign)
            {
                directory.GiveBack(null);
                return;
            }

            directory.Stat = new EntryStat
            {
                Kind = EntryKind.Directory, Mode = Modes.Everything & ~Umask, Uid = directory.Uid, Gid = directory.Gid, Mtime = _now,
            };
        }

        RestoreOutcome outcome = _owners.FinishDirectory(directory, directory.Stat, directory.Details);
        if (!outcome.Ok) { _failures.Add(outcome.ToFailure(directory.RelativePath([]))); }
    }
}
