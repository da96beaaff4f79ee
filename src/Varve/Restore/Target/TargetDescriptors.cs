using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Restore.Target;

/// <summary>
/// The open directory descriptors of one restore, at most a budget of them plus those in use at the moment. A directory that was closed to
/// make room is opened again name by name from the nearest open directory above, following no link, and must be the same inode as before.
/// Thread-safe. Opening and closing happen under one lock; pinning an open directory takes none.
/// </summary>
internal sealed class TargetDescriptors
{
    // Fixed after construction.
    private readonly byte[] _rootPath;

    // Guarded by _gate.
    private readonly Lock _gate = new();
    private readonly List<TargetDirectory> _chain = [];
    private readonly List<TargetDirectory> _lifted = [];
    private TargetDirectory?[] _slots;
    private int _hand;
    private int _open;

    // Its own lock.
    private readonly DirectoryReader _reader = new();

    // Set before anything is made.
    private EarlierEntry? _isEarlier;

    public TargetDescriptors(byte[] rootPath, int budget, bool merge, Action<TargetDirectory>? completed)
    {
        _rootPath = rootPath;
        _slots = new TargetDirectory?[Math.Max(budget, 2)];
        Merge = merge;
        Completed = completed;
        Umask = ReadUmask();
    }

    /// <summary>Whether directories that exist in the target may be filled.</summary>
    public bool Merge { get; private set; }

    /// <summary>Nothing is changed, not even the modes of directories.</summary>
    public bool IsReadOnly { get; set; }

    /// <summary>The file systems that are written to.</summary>
    public TargetSystems Systems { get; } = new();

    /// <summary>Called when the last reference to a directory goes, before its descriptor is closed.</summary>
    public Action<TargetDirectory>? Completed { get; }

    /// <summary>Permission bits that creating a file takes away; all of them if unknown.</summary>
    public uint Umask { get; }

    /// <summary>The most directory descriptors that were open at one time, without the root's.</summary>
    public int MostOpen { get; private set; }

    /// <summary>The root's path as it was given, without a slash at its end.</summary>
    public ReadOnlySpan<byte> RootPath => _rootPath;

    /// <summary>A budget that leaves three quarters of the process's descriptors to others.</summary>
    public static int DefaultBudget => DescriptorShare.Directories(quarters: 1, most: 2048);

    /// <summary>Makes room for the budget, and for the files of a restore, in the process's table.</summary>
    public static void Reserve()
    {
        if (!DescriptorShare.AreFew) { Posix.ReserveDescriptors(DefaultBudget + 256); }
    }

    /// <summary>The mode of directories that are made, until they are complete.</summary>
    public uint NewMode { get; private set; } = Modes.PrivateDirectory;

    /// <summary>From now on directories that are made tell by their mode that they are not complete.</summary>
    public void MarkUnfinished() => NewMode = Modes.UnfinishedDirectory;

    /// <summary>Directories that exist are filled, and those that <paramref name="isEarlier"/> knows were made by this restore.</summary>
    public void Continue(EarlierEntry isEarlier) => (Merge, _isEarlier) = (true, isEarlier);

    /// <summary>Whether an earlier run of this restore made it.</summary>
    public bool IsEarlier(in EntryStat stat) => _isEarlier is { } isEarlier && isEarlier(in stat);

    /// <summary>Whether nothing is in an open directory: 0 or an error number.</summary>
    public int IsEmpty(int directory, out bool empty)
    {
        lock (_reader)
        {
            int error = _reader.Begin(directory);
            empty = error == 0 && !_reader.Next(out _, out _, out _, out error) && error == 0;
            return error;
        }
    }

    /// <summary>
    /// Opens a directory without following a link. If it is the user's own, and its mode keeps him from using it, he is given all rights,
    /// and <paramref name="modeBefore"/> tells what it had. The caller closes the descriptor in any case.
    /// </summary>
    public int OpenChild(int parent, ReadOnlySpan<byte> name, out SafeFd file, out EntryStat stat, out uint? modeBefore)
    {
        int flags = Posix.O_DIRECTORY | Posix.O_NOFOLLOW;
        int error = Posix.OpenAt(parent, name, flags, out file);
        if (error == Errno.EMFILE)
        {
            CloseIdle();
            error = Posix.OpenAt(parent, name, flags, out file);
        }

        if (IsReadOnly)
        {
            (stat, modeBefore) = (default, null);
            return error != 0 ? error : Posix.Stat(file.Value, out stat);
        }

        if (error != Errno.EACCES) { return OwnRights.Take(error, file, out stat, out modeBefore); }
        error = Posix.HoldAt(parent, name, out SafeFd held);
        return OwnRights.Open(error, held, out file, out stat, out modeBefore);
    }

    /// <summary>
    /// Makes a directory that was made just now one for its owner alone, without what it inherited; ESTALE if something is in it: then it
    /// is another. 0 or an error number. Where the file system gives permissions as it likes they stay so: that is told when the mode which
    /// the directory is to have in the end is set.
    /// </summary>
    public int Prepare(int directory, in EntryStat stat, bool inheritsAcl)
    {
        int error = IsEmpty(directory, out bool empty);
        if (error == 0 && !empty) { error = Errno.ESTALE; }
        if (error == 0 && inheritsAcl)
        {
            Posix.RemoveXattr(directory, "system.posix_acl_default"u8);
            Posix.RemoveXattr(directory, "system.posix_acl_access"u8);
        }

        // It inherits set-group-id from the directory above, and permission bits from a default ACL.
        bool isPrivate = !inheritsAcl && stat.Mode == NewMode;
        if (error != 0 || isPrivate) { return error; }
        error = Posix.SetMode(directory, NewMode);
        return error is Errno.EPERM or Errno.ENOTSUP or Errno.EINVAL ? 0 : error;
    }

    /// <summary>Remembers a directory whose mode is to be given back if the restore fails.</summary>
    public void AddLifted(TargetDirectory directory)
    {
        lock (_gate) { _lifted.Add(directory); }
    }

    /// <summary>Those that were remembered.</summary>
    public TargetDirectory[] Lifted()
    {
        lock (_gate) { return [.. _lifted]; }
    }

    /// <summary>Takes over a new directory's descriptor; it comes back pinned once if asked.</summary>
    public void Adopt(TargetDirectory directory, SafeFd file, bool pinned)
    {
        lock (_gate) { AdoptLocked(directory, file, pinned); }
    }

    /// <summary>The slow path of pinning: opens the directory again. 0 or an error number.</summary>
    public int Open(TargetDirectory directory)
    {
        lock (_gate)
        {
            _chain.Clear();
            TargetDirectory at = directory;
            while (!at.TryPin(out _))
            {
                _chain.Add(at);
                if (at.Parent is null) { return Errno.EBADF; }
                at = at.Parent;
            }

            for (int i = _chain.Count - 1; i >= 0; i--)
            {
                TargetDirectory next = _chain[i];
                int error = OpenStep(at, next);
                at.Unpin();
                if (error != 0) { return error; }
                at = next;
            }

            return 0;
        }
    }

    /// <summary>Closes a directory for good unless it is pinned.</summary>
    public void Close(TargetDirectory directory)
    {
        lock (_gate) { TryClose(directory); }
    }

    /// <summary>Closes whatever is not pinned: for when the process ran out of descriptors, and after a failed restore.</summary>
    public void CloseIdle()
    {
        lock (_gate)
        {
            foreach (TargetDirectory? directory in _slots)
            {
                if (directory is not null) { TryClose(directory); }
            }
        }
    }

    private int OpenStep(TargetDirectory parent, TargetDirectory child)
    {
        int flags = Posix.O_DIRECTORY | Posix.O_NOFOLLOW;
        int error = Posix.OpenAt(parent.Descriptor, child.Name, flags, out SafeFd file);
        if (error != 0) { return error; }
        error = Posix.Stat(file.Value, out EntryStat stat);
        if (error == 0 && !child.Is(stat)) { error = Errno.ESTALE; }
        if (error != 0)
        {
            file.Close();
            return error;
        }

        AdoptLocked(child, file, pinned: true);
        return 0;
    }

    private void AdoptLocked(TargetDirectory directory, SafeFd file, bool pinned)
    {
        int slot = FindSlot();
        _slots[slot] = directory;
        directory.Slot = slot;
        MostOpen = Math.Max(MostOpen, ++_open);
        directory.Opened(file, pinned);
    }

    /// <summary>The clock: an empty slot, or that of an idle directory that was not used since the hand last passed.</summary>
    private int FindSlot()
    {
        for (int steps = 0; steps < 2 * _slots.Length; steps++)
        {
            int slot = _hand;
            _hand = (_hand + 1) % _slots.Length;
            TargetDirectory? held = _slots[slot];
            if (held is null) { return slot; }
            if (held.RecentlyUsed) { held.RecentlyUsed = false; }
            else if (TryClose(held)) { return slot; }
        }

        // All in use at this moment: more threads than budget. The slots grow by as many, which is bounded.
        int added = _slots.Length;
        Array.Resize(ref _slots, added + 1);
        return added;
    }

    private bool TryClose(TargetDirectory directory)
    {
        if (!directory.TryTakeDescriptor(out SafeFd file)) { return false; }
        file.Close();
        if (directory.Slot >= 0)
        {
            _slots[directory.Slot] = null;
            directory.Slot = -1;
            _open--;
        }

        return true;
    }

    private static uint ReadUmask()
    {
        try
        {
            foreach (string line in File.ReadLines("/proc/self/status"))
            {
                if (line.StartsWith("Umask:", StringComparison.Ordinal)) { return Convert.ToUInt32(line[6..].Trim(), 8); }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            // Without it each file costs one more system call.
        }

        return Modes.Everything;
    }
}
