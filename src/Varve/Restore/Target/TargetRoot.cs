using System.Text;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Restore.Target;

/// <summary>Opens the directory to restore into, and makes it if it is missing. Stateless.</summary>
internal static class TargetRoot
{
    /// <summary>
    /// Opens the target, and makes it (mode 0700, without the ACL that the directory above would give it) and the directories above it if
    /// they are missing. The path is the user's: links in it are followed.
    /// </summary>
    /// <param name="path">Where to restore to.</param>
    /// <param name="merge">Whether directories that exist below it may be filled; files are never overwritten.</param>
    /// <param name="completed">Called once per directory after its last reference has gone, children before parents; it may use the
    /// directory, and may throw.</param>
    /// <param name="maxOpen">Most directory descriptors kept open; by default a quarter of the process's limit, at most 2,048.</param>
    /// <exception cref="VarveException">The target cannot be made or opened.</exception>
    public static TargetDirectory Open(ReadOnlySpan<byte> path, bool merge = false, Action<TargetDirectory>? completed = null,
        int? maxOpen = null)
    {
        byte[] bytes = FullPath(path).ToArray();
        var descriptors = new TargetDescriptors(bytes, maxOpen ?? TargetDescriptors.DefaultBudget, merge, completed);
        int error = OpenOrMake(descriptors, bytes, out SafeFd file, out EntryStat stat, out bool created, out uint? modeBefore);
        if (error != 0)
        {
            file.Close();
            throw new VarveException(ErrorKind.Storage, Subject.Target(bytes), $"cannot be opened: {Errno.Message(error)}",
                Advice.ChooseTarget);
        }

        bool acl = !created && Posix.HasXattr(file.Value, "system.posix_acl_default"u8);
        var root = new TargetDirectory(descriptors, null, [], stat, created, acl);
        root.Opened(file, pinned: false);
        if (modeBefore is { } mode) { root.Lifted(mode); }
        return root;
    }

    /// <summary>
    /// How many of the names below a path, one below the other, are real directories: no link is followed but in the path itself.
    /// </summary>
    internal static int RealSteps(ReadOnlySpan<byte> path, IReadOnlyList<byte[]> names)
    {
        int count = 0;
        int error = Posix.OpenAt(Posix.AT_FDCWD, FullPath(path), Posix.O_PATH | Posix.O_DIRECTORY, out SafeFd at);
        while (error == 0 && count < names.Count)
        {
            error = Posix.OpenAt(at.Value, names[count], Posix.O_PATH | Posix.O_DIRECTORY | Posix.O_NOFOLLOW, out SafeFd next);
            at.Close();
            at = next;
            if (error == 0) { count++; }
        }

        at.Close();
        return count;
    }

    /// <summary>
    /// As <see cref="Open(ReadOnlySpan{byte}, bool, Action{TargetDirectory}, int?)"/>, of a directory that is there:
    /// <paramref name="steps"/>, the last names of the path, are followed by no link.
    /// </summary>
    internal static TargetDirectory OpenBelow(ReadOnlySpan<byte> path, IReadOnlyList<byte[]> steps, Action<TargetDirectory>? completed,
        bool isReadOnly)
    {
        byte[] full = FullPath(path).ToArray();
        byte[] bytes = steps.Aggregate(full, static (p, name) => p is [(byte)'/'] ? [.. p, .. name] : [.. p, (byte)'/', .. name]);
        var descriptors = new TargetDescriptors(bytes, TargetDescriptors.DefaultBudget, merge: true, completed) { IsReadOnly = isReadOnly };
        int flags = Posix.O_DIRECTORY | (steps.Count == 0 ? Posix.O_RDONLY : Posix.O_PATH);
        int error = Posix.OpenAt(Posix.AT_FDCWD, full, flags, out SafeFd at);
        EntryStat stat = default;
        uint? modeBefore = null;
        if (error == 0 && steps.Count == 0) { error = Posix.Stat(at.Value, out stat); }
        for (int i = 0; i < steps.Count && error == 0; i++)
        {
            bool isLast = i == steps.Count - 1;
            SafeFd next;
            error = isLast ? descriptors.OpenChild(at.Value, steps[i], out next, out stat, out modeBefore)
                : Posix.OpenAt(at.Value, steps[i], Posix.O_PATH | Posix.O_DIRECTORY | Posix.O_NOFOLLOW, out next);
            at.Close();
            at = next;
        }

        if (error != 0)
        {
            at.Close();
            throw new VarveException(ErrorKind.Storage, Subject.Target(bytes), $"cannot be opened: {Errno.Message(error)}",
                Advice.ChooseTarget);
        }

        bool acl = Posix.HasXattr(at.Value, "system.posix_acl_default"u8);
        var root = new TargetDirectory(descriptors, null, [], stat, created: false, acl);
        root.Opened(at, pinned: false);
        if (modeBefore is { } mode) { root.Lifted(mode); }
        return root;
    }

    private static int OpenOrMake(TargetDescriptors descriptors, byte[] path, out SafeFd file, out EntryStat stat, out bool created,
        out uint? modeBefore)
    {
        (stat, created, modeBefore) = (default, false, null);
        int error = Open(path, out file);
        if (error == Errno.ENOENT)
        {
            MakeParents(path);
            error = Make(descriptors, path, out file, out stat);
            created = error == 0;
            if (error != Errno.EEXIST) { return error; }
            error = Open(path, out file);
        }

        if (error != Errno.EACCES) { return OwnRights.Take(error, file, out stat, out modeBefore); }
        error = Posix.OpenAt(Posix.AT_FDCWD, path, Posix.O_PATH | Posix.O_DIRECTORY, out SafeFd held);
        return OwnRights.Open(error, held, out file, out stat, out modeBefore);
    }

    /// <summary>
    /// Makes it through the directory above, and opens it there without following a link: it must be what was made.
    /// </summary>
    private static int Make(TargetDescriptors descriptors, ReadOnlySpan<byte> path, out SafeFd file, out EntryStat stat)
    {
        (file, stat) = (default, default);
        int slash = path.LastIndexOf((byte)'/');
        ReadOnlySpan<byte> name = path[(slash + 1)..];
        int error = Open(slash == 0 ? "/"u8 : path[..slash], out SafeFd above);
        if (error == 0) { error = Posix.MakeDirectoryAt(above.Value, name, Modes.PrivateDirectory); }
        if (error == 0) { error = descriptors.OpenChild(above.Value, name, out file, out stat, out _); }
        if (error == 0 && stat.Uid != Posix.EffectiveUser())
        {
            error = OwnerProbe.Ask(above.Value, out uint uid, out _);
            if (error == 0 && stat.Uid != uid) { error = Errno.ESTALE; }
        }

        if (error == 0) { error = descriptors.Prepare(file.Value, in stat, inheritsAcl: true); }
        above.Close();
        return error;
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
