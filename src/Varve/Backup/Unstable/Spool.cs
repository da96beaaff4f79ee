using System.Globalization;
using Varve.Backup.Content;
using Varve.Backup.Run;
using Varve.Model;
using Varve.Platform.Files;
using Varve.Platform;

namespace Varve.Backup.Unstable;

/// <summary>
/// Copies of files that would not hold still, to be backed up from instead (decision 0023). Two sorts: clones that share the file's blocks
/// and have no name anywhere, and plain copies in the run's spool directory. A copy is either in use, by one worker, or kept for when the
/// walk comes to its file.
/// <para>Bounds (invariant 11): plain copies take at most the limit; where a new one needs room, kept ones go, the oldest first, and their
/// files are read like any other when the walk comes to them. Kept clones are bounded by their descriptors. Thread-safe.</para>
/// </summary>
internal sealed class Spool(string parent, long limit, Action<Notice> note) : IDisposable
{
    internal const int MostKept = 4096, MostDevices = 256;

    private static readonly int s_mostClones = DescriptorShare.Of(usual: 64, least: 2);

    private readonly object _lock = new();
    private readonly Dictionary<(ulong Device, ulong Inode), LinkedListNode<SpoolFile>> _kept = [];
    private readonly LinkedList<SpoolFile> _order = [];
    private readonly HashSet<ulong> _withoutClones = [];
    private SpoolDirectory? _directory;
    private bool _unusable;
    private int _clones;
    private long _taken;

    /// <summary>The directory that holds those of all runs.</summary>
    internal string Place => parent;

    /// <summary>
    /// The spool of a run, in a folder that was asked for or else in the cache; what killed runs left in its place is removed.
    /// </summary>
    /// <exception cref="VarveException">Storage: the place that was asked for cannot be made.</exception>
    internal static Spool Open(string? folder, string cache, long limit, Action<Notice> note)
    {
        // A name for each user: the folder may be for all of them (/var/tmp), and what one has made the others must not use.
        string place = folder is null ? Path.Combine(cache, "spool")
            : Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"varve-spool-{Posix.EffectiveUser()}"));
        if (folder is not null && SpoolDirectory.Prepare(place) is { } reason)
        {
            throw new VarveException(ErrorKind.Storage, Subject.Spool(folder), $"cannot be used: {reason}", Advice.ChooseSpool);
        }

        SpoolDirectory.RemoveLeftovers(place);
        return new Spool(place, limit, note);
    }

    /// <summary>Kept copies that had to make room.</summary>
    internal int Displaced { get; private set; }

    /// <summary>
    /// A clone of an open file, made on its own file system; null where that cannot be. <paramref name="directory"/> is the one the file is
    /// in.
    /// </summary>
    internal SpoolFile? TryClone(int file, int directory)
    {
        FileBytes.Stat(file, out EntryStat before);
        lock (_lock) { if (_withoutClones.Contains(before.Device)) { return null; } }
        byte[]? name = null;
        int errno = Reflink.OpenNameless(directory, out SafeFd to);
        // not our directory, but perhaps our file system
        if (errno is Errno.EACCES or Errno.EPERM && Directory() is { } own) { to = own.CreateFile(out name); }
        if (!to.IsOpen)
        {
            Remember(before.Device, errno);
            return null;
        }

        var clone = new SpoolFile(this, to, name);
        errno = Posix.Clone(to.Value, file);
        if (errno == 0 && Posix.Stat(file, out EntryStat after) == 0 && Posix.Stat(to.Value, out EntryStat copy) == 0)
        {
            // The content is from between the two stats. If they differ, the first is recorded: whatever the file is later, its stat is
            // another.
            clone.Moment = before;
            clone.Moment.Size = copy.Size;
            clone.Stability = EntryEquality.HeldStill(in before, in after) && copy.Size == before.Size ? Stability.Stable
                : Stability.Moving;
            return clone;
        }

        if (name is null) { Remember(before.Device, errno); }
        clone.Dispose();
        return null;
    }

    /// <summary>An empty file for a plain copy; null if there is no room for that many bytes.</summary>
    internal SpoolFile? TryCreate(long bytes)
    {
        if (bytes > limit || Directory() is not { } directory) { return null; }
        SafeFd file = directory.CreateFile(out byte[] name);
        return file.IsOpen ? new SpoolFile(this, file, name) : null;
    }

    /// <summary>Keeps a copy until its file is read, and takes it over.</summary>
    internal void Keep(SpoolFile copy)
    {
        copy.Park();
        SpoolFile? surplus = null;
        lock (_lock)
        {
            (ulong, ulong) key = (copy.Moment.Device, copy.Moment.Inode);
            bool full = _kept.Count >= MostKept || (copy.Name is null && _clones >= s_mostClones) || _kept.ContainsKey(key);
            if (full) { surplus = copy; }
            else
            {
                _kept[key] = _order.AddLast(copy);
                if (copy.Name is null) { _clones++; }
            }
        }

        surplus?.Dispose();
    }

    /// <summary>The copy that was kept of a file, which is the caller's from now on; null if there is none.</summary>
    internal SpoolFile? Take(in EntryStat stat)
    {
        SpoolFile? copy;
        lock (_lock)
        {
            if (!_kept.TryGetValue((stat.Device, stat.Inode), out LinkedListNode<SpoolFile>? node)) { return null; }
            copy = node.Value;
            Forget(node);
        }

        // An inode number may have gone to another file since: the same file was born at the same time.
        bool same = stat.HasBirth && copy.Moment.HasBirth ? stat.Birth == copy.Moment.Birth
            : EntryEquality.HeldStill(in stat, in copy.Moment);
        if (same && copy.Resume()) { return copy; }
        copy.Dispose();
        return null;
    }

    /// <summary>Takes room for a plain copy, if need be from kept ones.</summary>
    internal bool TryTake(long bytes)
    {
        List<SpoolFile>? displaced = null;
        bool fits;
        lock (_lock)
        {
            for (LinkedListNode<SpoolFile>? node = _order.First, next; node is not null && _taken + bytes > limit; node = next)
            {
                next = node.Next;
                if (node.Value.Taken == 0) { continue; }
                Forget(node);
                _taken -= node.Value.Taken;
                Displaced++;
                (displaced ??= []).Add(node.Value);
            }

            fits = _taken + bytes <= limit;
            if (fits) { _taken += bytes; }
        }

        if (displaced is not null)
        {
            foreach (SpoolFile copy in displaced) { _directory!.Remove(copy.Name); }
        }

        return fits;
    }

    internal void GiveBack(long bytes)
    {
        lock (_lock) { _taken -= bytes; }
    }

    internal SafeFd Reopen(ReadOnlySpan<byte> name) => _directory!.Reopen(name);

    internal void Removed(SpoolFile copy)
    {
        GiveBack(copy.Taken);
        if (copy.Name is not null) { _directory!.Remove(copy.Name); }
    }

    private void Forget(LinkedListNode<SpoolFile> node)
    {
        _kept.Remove((node.Value.Moment.Device, node.Value.Moment.Inode));
        _order.Remove(node);
        if (node.Value.Name is null) { _clones--; }
    }

    /// <summary>So that a file system that knows no clones is asked once.</summary>
    private void Remember(ulong device, int errno)
    {
        if (errno is not (Errno.ENOTSUP or Errno.ENOTTY or Errno.ENOSYS or Errno.EISDIR)) { return; }
        lock (_lock) { if (_withoutClones.Count < MostDevices) { _withoutClones.Add(device); } }
    }

    private SpoolDirectory? Directory()
    {
        lock (_lock)
        {
            if (_directory is null && !_unusable)
            {
                _directory = SpoolDirectory.Create(parent, out string? reason);
                _unusable = _directory is null;
                if (_unusable) { note(new Notice(Subject.Spool(parent), $"cannot be used: {reason}", null, Advice.ChooseSpool)); }
            }

            return _directory;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SpoolFile copy in _order) { copy.Dispose(); }
        _order.Clear();
        _kept.Clear();
        _directory?.Dispose();
    }
}
