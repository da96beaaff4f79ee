using Varve.Model;

namespace Varve.Platform.Files;

/// <summary>
/// Opens what lies below a directory without following a link on the way. Returns 0 or an error number: ELOOP where any component, the
/// last one included, is a symlink; EXDEV for a path that would lead out. Whoever swaps names meanwhile changes nothing about that. Mount
/// points are crossed. Allocates nothing; thread-safe.
/// </summary>
internal static class Beneath
{
    /// <summary>Opens what is there, close-on-exec.</summary>
    internal static int Open(int directory, ReadOnlySpan<byte> path, int flags, out SafeFd file) => Open(directory, path, flags, 0, out file);

    /// <inheritdoc cref="Open(int, ReadOnlySpan{byte}, int, out SafeFd)"/>
    /// <remarks>The mode is for a file that it makes.</remarks>
    internal static int Open(int directory, ReadOnlySpan<byte> path, int flags, uint mode, out SafeFd file)
    {
        int errno = Posix.OpenBeneath(directory, path, flags, mode, out file);

        return Posix.IsUnknown(errno) ? Walk(directory, path, flags, mode, out file) : errno;
    }

    /// <summary>For kernels before 5.6: each component is opened in the one before, and none may be a symlink.</summary>
    private static int Walk(int directory, ReadOnlySpan<byte> path, int flags, uint mode, out SafeFd file)
    {
        file = default;
        SafeFd above = default;
        while (true)
        {
            int slash = path.IndexOf((byte)'/');
            ReadOnlySpan<byte> component = slash < 0 ? path : path[..slash];
            // Stricter than the kernel: no path of ours has it.
            bool leadsOut = component.IsEmpty || component.SequenceEqual(".."u8);
            int at = above.IsOpen ? above.Value : directory, how = slash < 0 ? flags : Posix.O_PATH | Posix.O_DIRECTORY;
            int errno = leadsOut ? Errno.EXDEV : Step(at, component, how, mode, out file);
            above.Close();
            if (errno != 0 || slash < 0) { return errno; }
            above = file;
            file = default;
            path = path[(slash + 1)..];
        }
    }

    private static int Step(int directory, ReadOnlySpan<byte> name, int flags, uint mode, out SafeFd file)
    {
        int errno = Posix.OpenAt(directory, name, flags | Posix.O_NOFOLLOW, mode, out file);

        // With O_DIRECTORY a symlink is no directory, and with O_PATH alone it is opened itself.
        EntryStat stat = default;
        if (errno == Errno.ENOTDIR) { _ = Posix.StatAt(directory, name, out stat); }
        else if (errno == 0 && (flags & Posix.O_PATH) != 0) { errno = Posix.Stat(file.Value, out stat); }
        if (stat.Kind == EntryKind.Symlink) { errno = Errno.ELOOP; }
        if (errno == 0) { return 0; }
        file.Close();
        file = default;
        return errno;
    }
}
