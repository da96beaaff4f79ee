using Varve.Backup.Passes;
using Varve.Model;
using Varve.Platform.Files;
using Varve.Platform;
using Varve.Walk;

namespace Varve.Backup.Settle;

/// <summary>
/// Looks at the stamps of directories that were listed, without listing them: one system call for each, and three more for one that has
/// child directories. What is not as it was when it was listed is out of date. What moved to another place is not followed: the directory
/// that it was in has changed. Used by one thread.
/// </summary>
internal sealed class DirectorySweep(SeenDirectories seen, SeenTree tree)
{
    private readonly Stack<(int Index, WalkDirectory Directory)> _open = new();
    private bool _busy, _found;
    private bool[]? _leadsToBusy;

    /// <summary>The root of the source is not where it was.</summary>
    internal bool IsRootGone { get; private set; }

    /// <summary>
    /// Looks at those that are known to be busy, or at all others, and marks what is out of date; whether anything is.
    /// </summary>
    internal bool FindsChanged(bool busy, CancellationToken cancelled)
    {
        (_busy, _found) = (busy, seen.Outdated().Count > 0);
        _leadsToBusy = busy ? LeadsToBusy() : null;
        foreach ((int index, (byte[] Path, ulong Stamp)[] parts) in seen.Merged)
        {
            if (IsWanted(index) && !Array.TrueForAll(parts, static p => IsSame(p.Path, p.Stamp))) { Find(index); }
        }

        foreach ((int index, byte[] path) in seen.Places)
        {
            if ((seen.State(index) & SeenState.Gone) == 0) { Run(index, path, cancelled); }
        }

        return _found;
    }

    private static bool IsSame(byte[] path, ulong stamp)
    {
        DirectoryHandle? handle = DirectoryHandle.Open(path, out _);
        if (handle is null) { return false; }
        EntryStat now = handle.Stat;
        handle.Release();
        return SeenDirectories.StampOf(in now) == stamp;
    }

    private void Run(int place, byte[] path, CancellationToken cancelled)
    {
        DirectoryHandle? root = DirectoryHandle.Open(path, out _);
        if (root is null || seen.IsOther(place, in root.Stat))
        {
            root?.Release();
            if (seen.Parent(place) >= 0) { Find(seen.Parent(place)); } else { IsRootGone = true; }
            return;
        }

        var directories = new OpenDirectories(root, new HandleBudget(DescriptorShare.Directories(quarters: 1, most: 256)));
        try
        {
            EntryStat now = root.Stat;
            Look(place, in now);
            _open.Push((place, new WalkDirectory(null, [])));
            while (_open.TryPop(out (int Index, WalkDirectory Directory) next))
            {
                cancelled.ThrowIfCancellationRequested();
                DirectoryHandle? handle = directories.Open(next.Directory, out _);
                if (handle is null || seen.IsOther(next.Index, in handle.Stat)) { Find(seen.Parent(next.Index)); }
                else { LookBelow(next.Index, next.Directory, handle, directories); }
                handle?.Release();
            }
        }
        finally
        {
            _open.Clear();
            directories.CloseAll();
            root.Release();
        }
    }

    private void LookBelow(int index, WalkDirectory directory, DirectoryHandle handle, OpenDirectories directories)
    {
        int waiting = 0;
        for (int child = tree.FirstChild(index); child >= 0; child = tree.NextSibling(child))
        {
            bool isInner = tree.FirstChild(child) >= 0 && _leadsToBusy?[child] != false;
            if (!isInner && !IsWanted(child)) { continue; }
            ReadOnlySpan<byte> name = seen.Name(child);
            int errno = Posix.StatAt(handle.Fd, name, out EntryStat now);
            if (errno != 0 || seen.IsOther(child, in now))
            {
                bool hasChanged = HasChanged(index, handle);
                if (hasChanged) { Find(index); }
                if (hasChanged || errno != 0) { continue; }
            }

            Look(child, in now);
            if (!isInner) { continue; }
            waiting++;
            _open.Push((child, new WalkDirectory(directory, name.ToArray())));
        }

        if (waiting > 0) { directories.Keep(directory, handle, waiting); }
    }

    /// <summary>If it has not, the file system makes up names (/proc) or inode numbers as it likes.</summary>
    private bool HasChanged(int index, DirectoryHandle handle) =>
        Posix.Stat(handle.Fd, out EntryStat now) != 0 || !seen.IsSame(index, in now);

    private void Look(int index, in EntryStat now)
    {
        if (IsWanted(index) && !seen.IsSame(index, in now)) { Find(index); }
    }

    private void Find(int index)
    {
        seen.Outdate(index);
        _found = true;
    }

    private bool IsWanted(int index) => (seen.State(index) & SeenState.Busy) != 0 == _busy;

    private bool[] LeadsToBusy()
    {
        var leads = new bool[seen.Count];
        for (int i = leads.Length - 1; i >= 0; i--)
        {
            int parent = seen.Parent(i);
            if (parent >= 0 && (leads[i] || IsWanted(i))) { leads[parent] = true; }
        }

        return leads;
    }
}
