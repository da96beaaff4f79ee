using Varve.Archives.Lists;
using Varve.Model;
using Varve.Model.Bounds;
using Varve.Platform;
using Varve.Restore.Target;

namespace Varve.Archives.Apply;

/// <summary>
/// Gives entries below a directory the permissions, owners and times that a list says, as far as it says them: for files that came from
/// elsewhere, without these. Nothing outside of the directory is touched, whatever links there are and whoever changes names meanwhile.
/// Memory does not grow with the list, but for directories that their owner may not enter: these get their permissions last. One thread.
/// </summary>
internal sealed class MetadataApplier : IDisposable
{
    private const int MostFailures = 10_000, OwnersRights = 0x1C0;

    private readonly TargetPath _target;
    private readonly byte[] _strip;
    private readonly MetadataSetter _setter = new(new MetadataLosses());
    private readonly OwnerIds _users = new(isGroup: false), _groups = new(isGroup: true);
    private readonly BoundedList<Failure> _failures = new(MostFailures, static f => f.Footprint);
    private readonly List<(byte[] Path, uint Mode, bool IsCounted)> _later = [];
    private byte[] _path = new byte[4096];
    private long _applied;

    /// <param name="target">The directory.</param>
    /// <param name="strip">What all names of the list begin with, and the directory stands for; empty for nothing.</param>
    /// <exception cref="VarveException">Storage: the directory cannot be opened.</exception>
    internal MetadataApplier(ReadOnlySpan<byte> target, ReadOnlySpan<byte> strip)
    {
        _target = new TargetPath(target);
        _strip = strip.ToArray();
        _strip = Clean(_strip).ToArray();
    }

    /// <summary>Applies a list. What fails is data in the result.</summary>
    /// <exception cref="VarveException">Usage: a malformed line. Storage: the list cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; what was set stays.</exception>
    internal AppliedList Run(ListReader list, CancellationToken cancelled)
    {
        var entry = new ListEntry();
        while (list.Read(ref entry))
        {
            cancelled.ThrowIfCancellationRequested();
            Apply(in entry);
        }

        // What lies in a directory comes before it.
        _later.Sort(static (a, b) => b.Path.AsSpan().SequenceCompareTo(a.Path));
        foreach ((byte[] path, uint mode, bool isCounted) in _later)
        {
            int errno = _target.Hold(path, out SafeFd held);
            if (errno == 0) { errno = MetadataSubject.Held(held.Value).SetMode(mode); }
            held.Close();
            if (errno == 0) { continue; }
            if (isCounted) { _applied--; }
            Fail(path, RestoreOutcome.Done.Or(errno, MetadataPart.Mode).Message, errno);
        }

        (Failure[] first, long count) = _failures.Result(Failure.ByPath);
        return new AppliedList(_applied, first, count, _setter.Losses.Lines());
    }

    private void Apply(in ListEntry entry)
    {
        ReadOnlySpan<byte> path = Clean(entry.Name);
        if (_strip.Length > 0)
        {
            bool isBelow = path.StartsWith(_strip) && (path.Length == _strip.Length || path[_strip.Length] == (byte)'/');
            if (!isBelow)
            {
                Fail(entry.Name, "does not begin with what is to be taken away", 0);
                return;
            }

            path = path[Math.Min(path.Length, _strip.Length + 1)..];
        }

        int errno = _target.Hold(path, out SafeFd held);
        if (errno != 0)
        {
            Fail(path, errno == Errno.ELOOP ? "lies behind a symbolic link, and none is followed" : Errno.Message(errno), errno);
            return;
        }

        try { Apply(path, held.Value, in entry); }
        finally { held.Close(); }
    }

    private void Apply(ReadOnlySpan<byte> path, int held, in ListEntry entry)
    {
        var subject = MetadataSubject.Held(held);
        int errno = subject.Stat(out EntryStat there);
        if (errno != 0)
        {
            Fail(path, Errno.Message(errno), errno);
            return;
        }

        if (entry.Kind != EntryKind.None && entry.Kind != there.Kind)
        {
            Fail(path, $"is of another kind than the list says: {there.Kind} instead of {entry.Kind}".ToLowerInvariant(), 0);
            return;
        }

        EntryStat wanted = there;
        bool isLater = false, isWrong = false;
        if (!entry.User.IsEmpty && !Owner(path, _users, entry.User, "user", ref wanted.Uid)) { isWrong = true; }
        if (!entry.Group.IsEmpty && !Owner(path, _groups, entry.Group, "group", ref wanted.Gid)) { isWrong = true; }
        if (entry.Mode >= 0 && there.Kind != EntryKind.Symlink)
        {
            // One that its owner may not enter hides what the list has still to say of it.
            isLater = there.Kind == EntryKind.Directory && (entry.Mode & OwnersRights) != OwnersRights;
            if (!isLater) { wanted.Mode = (uint)entry.Mode; }
        }

        if (entry.HasTime && !IsSameTime(there.Mtime, entry.Time, entry.Precision)) { wanted.Mtime = entry.Time; }
        RestoreOutcome outcome = _setter.ApplyTo(subject, in there, in wanted, details: null);
        bool isCounted = outcome.Ok && !isWrong;
        if (!outcome.Ok) { Fail(path, outcome.Message, outcome.Errno); }
        if (isCounted) { _applied++; }
        if (isLater) { _later.Add((path.ToArray(), (uint)entry.Mode, isCounted)); }
    }

    private bool Owner(ReadOnlySpan<byte> path, OwnerIds known, ReadOnlySpan<byte> name, string what, ref uint id)
    {
        if (known.Find(name) is { } found)
        {
            id = found;
            return true;
        }

        Fail(path, $"keeps its {what}: there is no '{PathText.Of(name)}' on this machine", 0);
        return false;
    }

    /// <summary>A time that is known to the second only says nothing against a finer one.</summary>
    private static bool IsSameTime(FileTime there, FileTime listed, long precision) =>
        there == listed || (precision > 1 && there.Seconds == listed.Seconds
            && there.Nanoseconds - (there.Nanoseconds % Math.Min(precision, 1_000_000_000)) == listed.Nanoseconds);

    private void Fail(ReadOnlySpan<byte> path, string why, int errno) =>
        _failures.Add(new Failure(path.ToArray(), FailedOperation.Metadata, errno, why));

    /// <summary>A path without empty parts, <c>.</c> and slashes at its ends; a view of the same buffer if that is what it is.</summary>
    private ReadOnlySpan<byte> Clean(ReadOnlySpan<byte> path)
    {
        if (_path.Length < path.Length) { _path = new byte[path.Length * 2]; }
        int length = 0;
        while (!path.IsEmpty)
        {
            int end = path.IndexOf((byte)'/');
            ReadOnlySpan<byte> part = end < 0 ? path : path[..end];
            path = end < 0 ? default : path[(end + 1)..];
            if (part.IsEmpty || part is [(byte)'.']) { continue; }
            if (length > 0) { _path[length++] = (byte)'/'; }
            part.CopyTo(_path.AsSpan(length));
            length += part.Length;
        }

        return _path.AsSpan(0, length);
    }

    /// <inheritdoc/>
    public void Dispose() => _target.Dispose();
}
