using Varve.Backup.Run;
using Varve.Model;
using Varve.Model.Bytes;

namespace Varve.Backup.Passes;

/// <summary>
/// The directories that a pass has listed, and their stamps as they were just before that (decision 0049). What moves from a directory that
/// is listed later into one that was listed before is in neither listing; then the stamps of both are later than the run's start, and those
/// of the second are not what they were. Some 25 bytes for each, and its name. Thread-safe.
/// </summary>
internal sealed class SeenDirectories
{
    private const int ChunkBits = 12, BlockBits = 16, NameHead = 2;

    // No system call takes more.
    private const int LongestName = 4096;

    private readonly Lock _gate = new();
    private readonly List<Record[]> _records = [];
    private readonly List<byte[]> _names = [];
    private readonly List<(int Index, byte[] Path)> _places = [];
    private readonly Dictionary<int, (byte[] Path, ulong Stamp)[]> _merged = [];
    private int _count, _nameEnd = 1 << BlockBits;
    private long _tick;
    private volatile bool _mayHaveMoved;

    /// <summary>One directory. A stamp of 0: its listing is known to be out of date.</summary>
    private struct Record
    {
        internal int Parent;
        internal uint Name;
        internal ulong Inode, Stamp;
        internal SeenState State;
        internal uint Excluded;
    }

    /// <summary>Whether somebody will visit again what is out of date; if not, nothing is taken.</summary>
    internal bool IsServed { get; set; }

    /// <summary>Whether anything was seen that changed since the run began, or was not where it was listed.</summary>
    internal bool MayHaveMoved => _mayHaveMoved;

    /// <summary>How many there are.</summary>
    internal int Count
    {
        get { lock (_gate) { return _count; } }
    }

    /// <summary>Directories from which one gets to all others, and their absolute paths.</summary>
    internal IReadOnlyList<(int Index, byte[] Path)> Places
    {
        get { lock (_gate) { return [.. _places]; } }
    }

    /// <summary>Directories that several places make up: their paths there, and stamps.</summary>
    internal IReadOnlyList<(int Index, (byte[] Path, ulong Stamp)[] Parts)> Merged
    {
        get { lock (_gate) { return [.. _merged.Select(static m => (m.Key, m.Value))]; } }
    }

    /// <summary>
    /// Nanoseconds to wait until a change of what was listed since the last call shows in its stamps; 0 if it does at once.
    /// </summary>
    internal long TakeTick()
    {
        lock (_gate)
        {
            long tick = _tick;
            _tick = 0;
            return tick;
        }
    }

    /// <summary>
    /// A directory was opened, when the run had been going on for <paramref name="elapsed"/> nanoseconds at least, and then listed.
    /// </summary>
    internal void Saw(DirectoryNode node, in EntryStat opened, RunRules rules, long elapsed)
    {
        if (!IsServed) { return; }
        ulong stamp = StampOf(node, node.MountKey, in opened, rules, elapsed, out SeenState state);
        lock (_gate)
        {
            Put(node, rules.InodeOf(in opened), stamp, state);
            if (node.IsAgain || node.Parent!.Seen >= 0 && node.Parent.Origins is null) { return; }
            _places.Add((node.Seen, PathOf(node)));
        }
    }

    /// <summary>The same of one that is put together of <paramref name="parts"/>; a place may have nothing of its own there.</summary>
    internal void Saw(DirectoryNode node, IReadOnlyList<(byte[] Path, ulong MountKey, EntryStat Opened)> parts, RunRules rules,
        long elapsed)
    {
        if (!IsServed) { return; }
        SeenState all = SeenState.Merged;
        var stamps = new (byte[], ulong)[parts.Count];
        for (int i = 0; i < stamps.Length; i++)
        {
            (byte[] path, ulong mountKey, EntryStat opened) = parts[i];
            stamps[i] = (path, StampOf(node, mountKey, in opened, rules, elapsed, out SeenState state));
            all |= state;
        }

        lock (_gate)
        {
            Put(node, rules.InodeOf(in node.Parent!.Listing.Stat(node.IndexInParent)), node.IsOutdated ? 0UL : 1, all);
            _merged[node.Seen] = stamps;
        }
    }

    /// <summary>
    /// Something that was listed in a directory is not under its name any more. Called by who holds a part of the directory. True if it
    /// will be visited again; if not, the caller says what is lost.
    /// </summary>
    internal bool Miss(DirectoryNode node)
    {
        if (!IsServed || node.Parent is null) { return false; }
        _mayHaveMoved = true;
        lock (_gate)
        {
            node.IsOutdated = true;
            if (node.Seen < 0) { return true; }
            ref Record record = ref At(node.Seen);
            record.Stamp = 0;
            record.State |= SeenState.Busy;
        }

        return true;
    }

    /// <summary>The directory with that index was found to be changed since it was listed.</summary>
    internal void Outdate(int index)
    {
        lock (_gate)
        {
            ref Record record = ref At(index);
            record.Stamp = 0;
            record.State |= SeenState.Busy;
        }
    }

    /// <summary>
    /// It is not where it was: it is visited as what it is found to be, if it is found. <paramref name="isSaved"/>: the snapshot has it
    /// where it was all the same.
    /// </summary>
    internal void Forget(int index, bool isSaved)
    {
        lock (_gate)
        {
            At(index).State |= isSaved ? SeenState.Gone : SeenState.Gone | SeenState.Lost;
            _merged.Remove(index);
        }
    }

    /// <summary>So much in a directory is left out by rules.</summary>
    internal void Exclude(int index, long count)
    {
        lock (_gate) { At(index).Excluded = (uint)Math.Min(count, uint.MaxValue); }
    }

    /// <summary>What all directories have that the snapshot has; and each of these goes to <paramref name="has"/>.</summary>
    internal long Excluded(Action<int> has)
    {
        long sum = 0;
        lock (_gate)
        {
            for (int i = 0; i < _count; i++)
            {
                ref Record record = ref At(i);
                if (record.Parent >= 0) { record.State |= At(record.Parent).State & SeenState.Lost; }
                if ((record.State & SeenState.Lost) != 0) { continue; }
                sum += record.Excluded;
                has(i);
            }
        }

        return sum;
    }

    internal int Parent(int index)
    {
        lock (_gate) { return At(index).Parent; }
    }

    internal SeenState State(int index)
    {
        lock (_gate) { return At(index).State; }
    }

    /// <summary>Whether something with that stat is another directory; not known where inode numbers mean nothing.</summary>
    internal bool IsOther(int index, in EntryStat now)
    {
        lock (_gate) { return At(index).Inode is not 0 and var inode && inode != now.Inode; }
    }

    /// <summary>Those whose listings are known to be out of date.</summary>
    internal IReadOnlyList<int> Outdated()
    {
        var outdated = new List<int>();
        lock (_gate)
        {
            for (int i = 0; i < _count; i++)
            {
                ref Record record = ref At(i);
                // What is below one that is not where it was is not there either. Parents come before their children.
                if (record.Parent >= 0) { record.State |= At(record.Parent).State & SeenState.Gone; }
                if (record.Stamp == 0 && (record.State & SeenState.Gone) == 0) { outdated.Add(i); }
            }
        }

        return outdated;
    }

    /// <summary>Whether a directory has the stamps that it had when it was listed.</summary>
    internal bool IsSame(int index, in EntryStat now)
    {
        lock (_gate) { return At(index).Stamp == StampOf(in now); }
    }

    internal ReadOnlySpan<byte> Name(int index)
    {
        lock (_gate)
        {
            uint at = At(index).Name;
            byte[] block = _names[(int)(at >> BlockBits)];
            int from = (int)(at & ((1 << BlockBits) - 1));
            return block.AsSpan(from + NameHead, block[from] | (block[from + 1] << 8));
        }
    }

    /// <summary>Its path relative to the root of the source.</summary>
    internal byte[] Path(int index)
    {
        var names = new Stack<byte[]>();
        for (int at = index, above = Parent(at); above >= 0; at = above, above = Parent(at)) { names.Push(Name(at).ToArray()); }
        var path = new ByteWriter();
        while (names.TryPop(out byte[]? name))
        {
            path.Raw(name);
            if (names.Count > 0) { path.U8((byte)'/'); }
        }

        return path.Written.ToArray();
    }

    /// <summary>What a directory's stamps come to; never 0.</summary>
    internal static ulong StampOf(in EntryStat stat)
    {
        ulong hash = Mix(0, (ulong)stat.Ctime.Seconds);
        hash = Mix(hash, (ulong)stat.Ctime.Nanoseconds);
        hash = Mix(hash, (ulong)stat.Mtime.Seconds);
        hash = Mix(hash, (ulong)stat.Mtime.Nanoseconds);
        return hash | 1;
    }

    /// <summary>A part of a directory is done, and one is left: of the top, perhaps all but the walk itself.</summary>
    internal void OnePartLeft(DirectoryNode node)
    {
        if (node.Parent is not null) { return; }
        lock (_records) { Monitor.PulseAll(_records); }
    }

    /// <summary>Waits until everything below <paramref name="top"/> is done, but for the part that the caller has.</summary>
    internal void AwaitOnePart(DirectoryNode top, CancellationToken cancelled)
    {
        lock (_records)
        {
            while (Volatile.Read(ref top.Pending) != 1)
            {
                cancelled.ThrowIfCancellationRequested();
                Monitor.Wait(_records, 100);
            }
        }
    }

    private static ulong Mix(ulong hash, ulong value)
    {
        hash = (hash ^ value) * 0x9E3779B97F4A7C15;
        return hash ^ (hash >> 29);
    }

    private ulong StampOf(DirectoryNode node, ulong mountKey, in EntryStat opened, RunRules rules, long elapsed,
        out SeenState state)
    {
        state = SeenState.None;
        if (rules.IsSinceStart(mountKey, in opened))
        {
            if (!_mayHaveMoved) { _mayHaveMoved = true; }
            state = SeenState.Busy;
        }

        if (node.IsOutdated) { return 0; }
        long tick = rules.HidesChanges(mountKey, in opened, elapsed);
        if (tick == 0) { return StampOf(in opened); }
        lock (_gate) { _tick = Math.Max(_tick, tick); }
        return 0;
    }

    private void Put(DirectoryNode node, ulong inode, ulong stamp, SeenState state)
    {
        if (node.IsAgain)
        {
            ref Record again = ref At(node.Seen);
            (again.Stamp, again.State) = (stamp, again.State | state);
            return;
        }

        if (_count >> ChunkBits == _records.Count) { _records.Add(new Record[1 << ChunkBits]); }
        node.Seen = _count++;
        At(node.Seen) = new Record { Parent = node.Parent!.Seen, Name = Store(node.Name), Inode = inode, Stamp = stamp, State = state };
    }

    private ref Record At(int index) => ref _records[index >> ChunkBits][index & ((1 << ChunkBits) - 1)];

    private uint Store(ReadOnlySpan<byte> name)
    {
        int length = Math.Min(name.Length, LongestName);
        if (_nameEnd + NameHead + length > 1 << BlockBits)
        {
            _names.Add(new byte[1 << BlockBits]);
            _nameEnd = 0;
        }

        uint at = ((uint)(_names.Count - 1) << BlockBits) | (uint)_nameEnd;
        byte[] block = _names[^1];
        (block[_nameEnd], block[_nameEnd + 1]) = ((byte)length, (byte)(length >> 8));
        name[..length].CopyTo(block.AsSpan(_nameEnd + NameHead));
        _nameEnd += NameHead + length;
        return at;
    }

    private static byte[] PathOf(DirectoryNode node)
    {
        (byte[] path, int depth) = node.Base!.Value;
        var names = new Stack<byte[]>();
        DirectoryNode at = node;
        for (int below = node.Depth - depth; below > 0; at = at.Parent!, below--) { names.Push(at.Name); }
        return names.Aggregate(path, static (all, name) => all is [(byte)'/'] ? [.. all, .. name] : [.. all, (byte)'/', .. name]);
    }
}
