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
    private TargetDirectory?[] _slots;
    private int _hand;
    private int _open;

    public TargetDescriptors(byte[] rootPath, int budget, bool merge, Action<TargetDirectory>? completed)
    {
        _rootPath = rootPath;
        _slots = new TargetDirectory?[Math.Max(budget, 2)];
        Merge = merge;
        Completed = completed;
        Umask = ReadUmask();
    }

    /// <summary>Whether directories that exist in the target may be filled.</summary>
    public bool Merge { get; }

    /// <summary>Called when the last reference to a directory goes, before its descriptor is closed.</summary>
    public Action<TargetDirectory>? Completed { get; }

    /// <summary>Permission bits that creating a file takes away; all of them if unknown.</summary>
    public uint Umask { get; }

    /// <summary>The most directory descriptors that were open at one time, without the root's.</summary>
    public int MostOpen { get; private set; }

    /// <summary>The root's path as it was given, without a slash at its end.</summary>
    public ReadOnlySpan<byte> RootPath => _rootPath;

    /// <summary>A budget that leaves three quarters of the process's descriptors to others.</summary>
    public static int DefaultBudget => Math.Clamp(Posix.DescriptorLimit() / 4, 16, 2048);

    /// <summary>Makes room for the budget, and for the files of a restore, in the process's table.</summary>
    public static void Reserve() => Posix.ReserveDescriptors(DefaultBudget + 256);

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
