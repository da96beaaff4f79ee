using System.Text;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Restore.Target;

/// <summary>
/// A directory below the target of a restore. Purpose: everything that is created goes through one of these, so that no name and no
/// symbolic link can lead outside.
/// <list type="number">
/// <item>A name reaches the system only as one component below a descriptor (openat and its kin), and no call follows a link.</item>
/// <item>Descriptors are bounded: an idle one may be closed and is opened again from the root downwards; it must then be the same inode.
/// ".." is never used.</item>
/// <item>A child holds a reference to its parent, so a directory's last reference goes after everything below it: that is when
/// the callback given to <see cref="OpenRoot"/> sets its metadata, bottom-up, whatever thread did the last piece of work.</item>
/// </list>
/// Thread-safe, except that <see cref="Stat"/> and <see cref="Details"/> are set by the creator before it shares the directory.
/// </summary>
internal sealed class TargetDirectory
{
    private const int Closed = -1;

    // Fixed after construction.
    private readonly TargetDescriptors _descriptors;
    private readonly byte[] _name;
    private readonly TargetFileId _id;

    // Changed by atomic operations only. _descriptor is valid while _pins is not Closed.
    private int _references = 1;
    private int _pins = Closed;
    private SafeFd _descriptor;
    private long _newOwner = -1;

    private TargetDirectory(TargetDescriptors descriptors, TargetDirectory? parent, byte[] name, in EntryStat made, bool created,
        bool hasDefaultAcl)
    {
        _descriptors = descriptors;
        _name = name;
        _id = new TargetFileId(made.Device, made.Inode);
        (Uid, Gid) = (made.Uid, made.Gid);
        Parent = parent;
        WasCreated = created;
        HasDefaultAcl = hasDefaultAcl;
    }

    /// <summary>The directory above, or null for the root.</summary>
    public TargetDirectory? Parent { get; }

    /// <summary>Whether this restore made it; false for one that was there already.</summary>
    public bool WasCreated { get; }

    /// <summary>The metadata it is to have in the end; kept here for the callback of <see cref="OpenRoot"/>.</summary>
    public EntryStat Stat { get; set; }

    /// <summary>Extended attributes and flags for the callback of <see cref="OpenRoot"/>.</summary>
    public EntryDetails? Details { get; set; }

    /// <summary>Its name in its parent; empty for the root.</summary>
    public ReadOnlySpan<byte> Name => _name;

    internal int Descriptor => _descriptor.Value;
    internal int Slot { get; set; } = -1;
    internal bool RecentlyUsed { get; set; }
    internal bool HasDefaultAcl { get; }
    internal uint Uid { get; }
    internal uint Gid { get; }
    internal uint Umask => _descriptors.Umask;
    internal int MostOpen => _descriptors.MostOpen;

    /// <summary>
    /// Opens the target, and makes it (mode 0700) and the directories above it if they are missing. The path is the user's: links in it are
    /// followed.
    /// </summary>
    /// <param name="path">Where to restore to.</param>
    /// <param name="merge">Whether directories that exist below it may be filled; files are never overwritten.</param>
    /// <param name="completed">Called once per directory after its last reference has gone, children before parents; it may use the
    /// directory, and may throw.</param>
    /// <param name="maxOpen">Most directory descriptors kept open; by default a quarter of the process's limit, at most 2,048.</param>
    /// <exception cref="VarveException">The target cannot be made or opened.</exception>
    public static TargetDirectory OpenRoot(ReadOnlySpan<byte> path, bool merge = false, Action<TargetDirectory>? completed = null,
        int? maxOpen = null)
    {
        byte[] bytes = FullPath(path).ToArray();
        bool created = false;
        int error = Open(bytes, out SafeFd file);
        if (error == Errno.ENOENT)
        {
            MakeParents(bytes);
            error = Posix.MakeDirectoryAt(Posix.AT_FDCWD, bytes, Modes.PrivateDirectory);
            created = error == 0;
            if (error is 0 or Errno.EEXIST) { error = Open(bytes, out file); }
        }

        EntryStat stat = default;
        if (error == 0) { error = Posix.Stat(file.Value, out stat); }
        if (error != 0)
        {
            file.Close();
            throw new VarveException(ErrorKind.Storage, Subject.Target(bytes), $"cannot be opened: {Errno.Message(error)}",
                Advice.ChooseTarget);
        }

        var descriptors = new TargetDescriptors(bytes, maxOpen ?? TargetDescriptors.DefaultBudget, merge, completed);
        var root = new TargetDirectory(descriptors, null, [], stat, created, Posix.HasXattr(file.Value, "system.posix_acl_default"u8));
        root.Opened(file, pinned: false);
        return root;
    }

    /// <summary>Whether nothing is in it.</summary>
    /// <exception cref="VarveException">It cannot be listed.</exception>
    public bool IsEmpty()
    {
        int error = Pin(out TargetPin pin);
        using (pin)
        {
            try
            {
                if (error == 0) { return !Directory.EnumerateFileSystemEntries($"/proc/self/fd/{pin.Descriptor}/.").Any(); }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new VarveException(ErrorKind.Storage, Subject.Target(DisplayPath([])), $"cannot be listed: {e.Message}",
                    Advice.ChooseTarget, e);
            }
        }

        throw new VarveException(ErrorKind.Storage, Subject.Target(DisplayPath([])), $"cannot be listed: {Errno.Message(error)}",
            Advice.ChooseTarget);
    }

    /// <summary>
    /// Makes a directory, mode 0700 until its metadata are set. One that exists is taken only when merging, and only if it is a real
    /// directory. The child starts with one reference, which is the caller's, and holds one to this directory.
    /// </summary>
    /// <exception cref="VarveException">Damaged: the name is none. Storage: no space left.</exception>
    public RestoreOutcome CreateChild(ReadOnlySpan<byte> name, out TargetDirectory? child)
    {
        TargetName.Check(name);
        child = null;
        int error = Pin(out TargetPin pin);
        using (pin)
        {
            if (error == 0) { error = Posix.MakeDirectoryAt(pin.Descriptor, name, Modes.PrivateDirectory); }
            bool created = error == 0;
            if (error == Errno.EEXIST && _descriptors.Merge) { error = 0; }
            if (error == 0) { error = Enter(pin.Descriptor, name, created, out child); }
        }

        return error == 0 ? RestoreOutcome.Done with { Created = child!.WasCreated } : RestoreOutcome.NotWritten(error, this, name);
    }

    /// <summary>Takes one more reference; for handing the directory to another worker.</summary>
    public void AddReference() => Interlocked.Increment(ref _references);

    /// <summary>
    /// Gives a reference back. The last one completes the directory and gives back its reference to its parent, and so on upwards. An
    /// exception of the callback comes out here and leaves the directories above uncompleted.
    /// </summary>
    public void Release()
    {
        // A loop: the last file of a path of 5,000 levels completes them all.
        for (TargetDirectory? d = this; d is not null && Interlocked.Decrement(ref d._references) == 0; d = d.Parent)
        {
            d._descriptors.Completed?.Invoke(d);
            d._descriptors.Close(d);
        }
    }

    /// <summary>
    /// Closes all descriptors of the restore that are not in use: after a restore that failed half-way, once its workers have ended.
    /// </summary>
    public void CloseAll()
    {
        TargetDirectory root = this;
        while (root.Parent is not null) { root = root.Parent; }
        _descriptors.CloseIdle();
        _descriptors.Close(root);
    }

    /// <summary>The path of a name in this directory (empty: of the directory itself) relative to the target.</summary>
    public byte[] RelativePath(ReadOnlySpan<byte> name)
    {
        int length = name.IsEmpty ? 0 : name.Length + 1;
        for (TargetDirectory d = this; d.Parent is not null; d = d.Parent) { length += d._name.Length + 1; }
        if (length == 0) { return []; }
        var path = new byte[length - 1];
        int at = path.Length;
        if (!name.IsEmpty)
        {
            at -= name.Length;
            name.CopyTo(path.AsSpan(at));
        }

        for (TargetDirectory d = this; d.Parent is not null; d = d.Parent)
        {
            if (at < path.Length) { path[--at] = (byte)'/'; }
            at -= d._name.Length;
            d._name.CopyTo(path.AsSpan(at));
        }

        return path;
    }

    /// <summary>The whole path as text, for messages only.</summary>
    public string DisplayPath(ReadOnlySpan<byte> name) =>
        TargetName.Display([.. _descriptors.RootPath, (byte)'/', .. RelativePath(name)]);

    /// <summary>Makes the descriptor usable until the pin is disposed. 0 or an error number; then there is nothing to dispose.</summary>
    internal int Pin(out TargetPin pin)
    {
        if (TryPin(out pin)) { return 0; }
        int error = _descriptors.Open(this);
        pin = error == 0 ? new TargetPin(this, _descriptor.Value) : default;
        return error;
    }

    internal bool TryPin(out TargetPin pin)
    {
        int pins = Volatile.Read(ref _pins);
        while (pins != Closed)
        {
            int seen = Interlocked.CompareExchange(ref _pins, pins + 1, pins);
            if (seen == pins)
            {
                if (!RecentlyUsed) { RecentlyUsed = true; }
                pin = new TargetPin(this, _descriptor.Value);
                return true;
            }

            pins = seen;
        }

        pin = default;
        return false;
    }

    internal void Unpin() => Interlocked.Decrement(ref _pins);

    internal void Opened(SafeFd file, bool pinned)
    {
        _descriptor = file;
        RecentlyUsed = true;
        Volatile.Write(ref _pins, pinned ? 1 : 0);
    }

    internal bool TryTakeDescriptor(out SafeFd file)
    {
        file = default;
        if (Interlocked.CompareExchange(ref _pins, Closed, 0) != 0) { return false; }
        file = _descriptor;
        return true;
    }

    internal bool Is(in EntryStat stat) => new TargetFileId(stat.Device, stat.Inode) == _id;

    internal void CloseIdle() => _descriptors.CloseIdle();

    /// <summary>
    /// The owner that new entries here get, once one was made: set-group-id directories, mount options and user name spaces all have a say.
    /// </summary>
    internal bool NewOwner(out uint uid, out uint gid)
    {
        long known = Volatile.Read(ref _newOwner);
        uid = (uint)(known >> 32);
        gid = (uint)known;
        return known != -1;
    }

    internal void LearnNewOwner(uint uid, uint gid) => Volatile.Write(ref _newOwner, (long)((ulong)uid << 32 | gid));

    private int Enter(int parent, ReadOnlySpan<byte> name, bool created, out TargetDirectory? child)
    {
        child = null;
        int flags = Posix.O_DIRECTORY | Posix.O_NOFOLLOW;
        int error = Posix.OpenAt(parent, name, flags, out SafeFd file);
        if (error == Errno.EMFILE)
        {
            _descriptors.CloseIdle();
            error = Posix.OpenAt(parent, name, flags, out file);
        }

        if (error != 0) { return error; }
        error = Posix.Stat(file.Value, out EntryStat stat);
        if (error == 0 && created && HasDefaultAcl)
        {
            Posix.RemoveXattr(file.Value, "system.posix_acl_default"u8);
            Posix.RemoveXattr(file.Value, "system.posix_acl_access"u8);
        }

        // A directory inherits set-group-id from its parent, and permission bits from a default ACL.
        if (error == 0 && created && stat.Mode != Modes.PrivateDirectory) { error = Posix.SetMode(file.Value, Modes.PrivateDirectory); }
        if (error != 0)
        {
            file.Close();
            return error;
        }

        bool acl = !created && Posix.HasXattr(file.Value, "system.posix_acl_default"u8);
        AddReference();
        child = new TargetDirectory(_descriptors, this, name.ToArray(), stat, created, acl);

        // Files get the owner that the directory itself got, by the same rules, unless it inherited set-group-id, which it has lost by now:
        // then the first file tells.
        if (created && stat.Mode == Modes.PrivateDirectory) { child.LearnNewOwner(stat.Uid, stat.Gid); }
        _descriptors.Adopt(child, file, pinned: false);
        return 0;
    }

    /// <summary>
    /// Absolute, without slashes at the end. Bytes, because a name need not be UTF-8; <c>..</c> stays, for the system knows where it leads.
    /// </summary>
    private static ReadOnlySpan<byte> FullPath(ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty || path.Contains((byte)0)) { throw new ArgumentException("A path is empty or has a zero byte.", nameof(path)); }
        if (path[0] != (byte)'/') { path = (byte[])[.. Encoding.UTF8.GetBytes(Environment.CurrentDirectory), (byte)'/', .. path]; }
        path = path.TrimEnd((byte)'/');
        return path.IsEmpty ? "/"u8 : path;
    }

    private static int Open(ReadOnlySpan<byte> path, out SafeFd file) =>
        Posix.OpenAt(Posix.AT_FDCWD, path, Posix.O_RDONLY | Posix.O_DIRECTORY, out file);

    private static void MakeParents(ReadOnlySpan<byte> path)
    {
        for (int i = 1; i < path.Length; i++)
        {
            if (path[i] != (byte)'/' || path[i - 1] == (byte)'/') { continue; }
            int error = Posix.MakeDirectoryAt(Posix.AT_FDCWD, path[..i], Modes.Everything);
            // What cannot be made may be there; opening the target tells.
            if (error is 0 or Errno.EEXIST or Errno.EROFS or Errno.EACCES) { continue; }
            throw new VarveException(
                ErrorKind.Storage, Subject.Target(path[..i]), $"cannot be made: {Errno.Message(error)}", Advice.ChooseTarget);
        }
    }
}
