using Varve.Backup.Dirty;
using Varve.Backup.Watched;
using Varve.Freeze;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Watching;

namespace Varve.App.Daemon.Changes;

/// <summary>
/// Watches what changes in a tree, for as long as it lives, and says where a run has to look.
/// <para>Invariant: whatever changed since the run before was begun is in a directory that <see cref="Take"/> names, or it names none and
/// everything is looked at. Events are read, and looked up, before a run begins; what happens after that is the next one's.</para>
/// <para>A thread of its own reads events; the daemon's asks. What both use is guarded.</para>
/// </summary>
internal sealed class TreeWatch : IDisposable
{
    // What was changed so shortly before a run may be changed again in it without another stamp: the coarsest stamps are of two seconds.
    private static readonly TimeSpan s_racy = TimeSpan.FromSeconds(3);

    // While events come all the time, so many at once.
    private const int GatherMilliseconds = 100;

    private readonly byte[] _root;
    private readonly string _device;
    private readonly Bytes32 _place;
    private readonly EntryStat _stat;
    private readonly byte[] _quiet;
    private readonly TimeProvider _time;
    private readonly FanotifyGroup _group;
    private readonly EventWait _wait;
    private readonly Thread _reader;
    private readonly Action _news;
    private readonly Lock _gate = new();

    // ---- guarded by _gate ----
    private readonly NewEvents _events = new();
    private ChangedPlaces _places = new();
    private ChangedPlaces? _taken;
    private IReadOnlyList<byte[]> _own = [];
    private DirtySet? _base;
    private bool _isLost = true, _isTaken, _wasLost, _sawMount;
    private DateTimeOffset? _first, _last;
    private volatile bool _isOver;

    private TreeWatch(byte[] root, in EntryStat stat, string device, Bytes32 place, byte[] quiet, FanotifyGroup group, EventWait wait,
        TimeProvider time, Action news)
    {
        (_root, _stat, _device, _place, _quiet) = (root, stat, device, place, quiet);
        (_group, _wait, _time, _news) = (group, wait, time, news);
        _reader = new Thread(Read) { IsBackground = true, Name = "watch" };
        _reader.Start();
    }

    /// <summary>When something changed first and last since the last run was begun; null: nothing has.</summary>
    internal (DateTimeOffset First, DateTimeOffset Last)? Changed
    {
        get
        {
            lock (_gate)
            {
                if (!_isOver) { ReadEvents(); }
                return _first is { } first ? (first, _last!.Value) : null;
            }
        }
    }

    /// <summary>It sees nothing any more: another directory is at the path, or something is mounted there or below.</summary>
    internal bool IsOver => _isOver;

    /// <summary>During the last run something was mounted or unmounted somewhere, so that the next one looks at everything.</summary>
    internal bool SawMount
    {
        get
        {
            lock (_gate) { return _sawMount; }
        }
    }

    /// <summary>What processes of others have mapped cannot be told: what they change so may be missed.</summary>
    internal bool MayMissMapped { get; private set; }

    /// <summary>
    /// Begins to watch the tree at a path; null, with the reason, where that cannot be. <paramref name="news"/> is called, by another
    /// thread, when something changed for the first time.
    /// </summary>
    /// <param name="path">The tree.</param>
    /// <param name="quiet">A place below which what changes is a change, and no reason for a run: we change it with each.</param>
    /// <param name="time">The clock.</param>
    /// <param name="news">See above.</param>
    /// <param name="reason">Why not.</param>
    internal static TreeWatch? Begin(byte[] path, byte[] quiet, TimeProvider time, Action news, out string reason)
    {
        FanotifyGroup? group = null;
        var wait = new EventWait();
        SafeFd mount = default;
        bool isDone = false;
        try
        {
            int errno = FanotifyGroup.Open(isUnlimited: true, out group);
            if (errno == Errno.EPERM) { return Not("that takes the rights CAP_SYS_ADMIN and CAP_DAC_READ_SEARCH", out reason); }
            if (errno != 0) { return Not(Errno.Message(errno), out reason); }
            errno = wait.OpenMounts();
            if (errno == 0) { errno = Posix.OpenAt(Posix.AT_FDCWD, path, Posix.O_RDONLY | Posix.O_DIRECTORY, out mount); }
            byte[] root = [];
            if (errno == 0) { errno = FileHandles.PathOf(mount.Value, out root); }
            EntryStat stat = default;
            if (errno == 0) { errno = Posix.Stat(mount.Value, out stat); }
            if (errno != 0) { return Not(Errno.Message(errno), out reason); }
            errno = group!.Mark(root, FileEvents.Changes);
            if (errno != 0) { return Not("its file system cannot be watched: " + Errno.Message(errno), out reason); }
            if (WatchIdentities.PlaceOf(root, isOneFileSystem: true, out reason) is not { } place) { return null; }
            reason = "";
            isDone = true;
            return new TreeWatch(root, in stat, MountTable.Read().Of(root).Device, place, quiet, group, wait, time, news);
        }
        catch (VarveException e) { return Not(e.Message, out reason); }
        finally
        {
            if (!isDone)
            {
                group?.Dispose();
                wait.Dispose();
            }

            mount.Close(); // what is open cannot be unmounted
        }

        static TreeWatch? Not(string why, out string reason)
        {
            reason = why;
            return null;
        }
    }

    /// <summary>
    /// A run is about to begin: what changed since the one before, or null if that cannot be told. One that looks at everything because
    /// it is time to (<paramref name="isWhole"/>) compares that with what it finds. Until <see cref="Settle"/> says what came of it, it is
    /// remembered.
    /// </summary>
    internal DirtySet? Take(bool isWhole)
    {
        lock (_gate)
        {
            long second = _time.GetUtcNow().ToUnixTimeSeconds();
            ReadEvents();
            long now = _time.GetTimestamp();
            DirtySet? set = _isLost || _base is null ? null : Set() is { } changed ? changed with { WholeAt = isWhole ? second : 0 } : null;
            (_isTaken, _wasLost, _sawMount) = (true, _isLost, false);
            _taken = _places;
            _places = _places.Since(now - (long)(s_racy.TotalSeconds * _time.TimestampFrequency));
            (_first, _last) = (null, null);
            _isLost = false;
            return set;
        }
    }

    /// <summary>
    /// What came of the run: what it says the next one goes by, or null. If it did not come to its end, what was taken is as it was.
    /// </summary>
    internal void Settle(bool isDone, DirtySet? rest, IReadOnlyList<byte[]> own)
    {
        lock (_gate)
        {
            if (!_isTaken) { return; }
            _isTaken = false;
            _own = own;
            if (!isDone || rest is null || rest.Identity.Place != _place)
            {
                // Whether it made a snapshot or not: the one that it was relative to may be the last no more.
                _places.Add(_taken!);
                _isLost |= isDone || _wasLost;
                if (!isDone)
                {
                    _first ??= _time.GetUtcNow();
                    _last ??= _first;
                }
            }
            else
            {
                _base = rest;
                if (rest.Directories.Count > 0) { _last = _first = _time.GetUtcNow(); }
            }

            _taken = null;
        }
    }

    private DirtySet? Set()
    {
        SafeFd root = OpenRoot();
        List<byte[]>? paths = root.IsOpen ? _places.PathsIn(root.Value, _root, _own) : null;
        root.Close();
        if (paths is null) { return null; }
        var inodes = new HashSet<ulong>(_places.Inodes);
        bool isAll = SharedMappings.Find(_device, (path, stat) =>
        {
            int slash = path.AsSpan().LastIndexOf((byte)'/');
            byte[] directory = slash <= 0 ? [(byte)'/'] : path[..slash];
            if (Paths.IsAtOrBelow(directory, _root)) { paths.Add(Paths.Below(directory, _root).ToArray()); }
            if (stat.Links > 1) { inodes.Add(stat.Inode); }
        });
        MayMissMapped = !isAll;
        return _base! with { Directories = [.. _base.Directories, .. paths], Inodes = [.. inodes] };
    }

    private void Read()
    {
        while (!_isOver)
        {
            bool isMounted = _wait.Wait(_group.Descriptor, -1);
            if (_isOver) { return; }
            bool isNew;
            lock (_gate)
            {
                bool was = _first is not null;
                ReadEvents();
                if (isMounted) { LookAtMounts(); }
                isNew = _first is not null && !was;
            }

            if (isNew || _isOver) { _news(); }
            Thread.Sleep(GatherMilliseconds);
        }
    }

    private void ReadEvents()
    {
        if (_group.ReadAll(_events) != 0) { _events.Fail(); }
        if (_events.IsEmpty) { return; }
        SafeFd root = OpenRoot();
        if (!root.IsOpen)
        {
            _isLost = _isOver = true;
            return;
        }

        var now = new ChangedPlaces();
        bool isSure = now.Take(_events, root.Value, _root, (_own, _quiet), _time.GetTimestamp(), out bool isNews);
        root.Close();
        _isLost |= !isSure;
        _places.Add(now);
        if (isSure && !isNews) { return; }
        _last = _time.GetUtcNow();
        _first ??= _last;
    }

    /// <summary>None if another directory is there by now.</summary>
    private SafeFd OpenRoot()
    {
        if (Posix.OpenAt(Posix.AT_FDCWD, _root, Posix.O_RDONLY | Posix.O_DIRECTORY, out SafeFd root) != 0) { return default; }
        if (Posix.Stat(root.Value, out EntryStat stat) == 0 && stat.Device == _stat.Device && stat.Inode == _stat.Inode) { return root; }
        root.Close();
        return default;
    }

    private void LookAtMounts()
    {
        // What came and went again a run may have seen.
        if (_isTaken) { _isLost = _sawMount = true; }
        if (WatchIdentities.PlaceOf(_root, isOneFileSystem: true, out _) == _place) { return; }
        _isLost = true;
        _isOver = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isOver = true;
        _wait.Wake();
        _reader.Join();
        _group.Dispose();
        _wait.Dispose();
    }
}
