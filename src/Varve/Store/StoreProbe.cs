using System.Text;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Store;

/// <summary>
/// Tries, before anything is made, whether a file system can hold a store: what is done with every object is done with a file of no
/// meaning, which is gone afterwards.
/// </summary>
internal static class StoreProbe
{
    private const string Prefix = ".varve-probe-";

    private static ReadOnlySpan<byte> Content => "varve: may be removed"u8;

    /// <summary>Whether a name below a root is one that is made here.</summary>
    internal static bool IsOwn(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Tries; the store's owner is not asked for, nor changed.</summary>
    /// <exception cref="VarveException">Storage, with what cannot be done.</exception>
    internal static void Run(StoreRoot root, string description)
    {
        byte[] folder = Encoding.ASCII.GetBytes(Prefix + Guid.NewGuid().ToString("N"));
        int errno = Posix.MakeDirectoryAt(root.Descriptor, folder, Modes.PrivateDirectory);
        SafeFd directory = default;
        string step = "a directory cannot be made in it";
        try
        {
            if (errno == 0) { errno = Open(root.Descriptor, folder, out directory); }
            if (errno == 0) { errno = Try(directory.Value, ref step); }
            if (errno == 0) { return; }
        }
        finally
        {
            if (directory.IsOpen)
            {
                Posix.UnlinkAt(directory.Value, "a"u8);
                Posix.UnlinkAt(directory.Value, "b"u8);
            }

            directory.Close();
            Posix.UnlinkAt(root.Descriptor, folder, Posix.AT_REMOVEDIR);
        }

        VarveException reason = StoreErrors.Error(errno, "used", Subject.Repository(description));
        throw reason.Advice is not (Advice.None or Advice.SeeSystemLog) ? reason
            : new VarveException(ErrorKind.Storage, Subject.Repository(description),
                $"cannot be on this file system: {step}: {Errno.Message(errno)}", Advice.OtherFileSystem, reason);
    }

    private static int Open(int root, ReadOnlySpan<byte> folder, out SafeFd directory)
    {
        int errno = Beneath.Open(root, folder, Posix.O_RDONLY | Posix.O_DIRECTORY, out directory);
        if (errno != Errno.EACCES || Posix.SetModeAt(root, folder, Modes.PrivateDirectory) != 0) { return errno; }
        return Beneath.Open(root, folder, Posix.O_RDONLY | Posix.O_DIRECTORY, out directory); // the umask took even reading
    }

    private static int Try(int directory, ref string step)
    {
        step = "a file cannot be written";
        int errno = DurableFile.CreateLocked(directory, "a"u8, Modes.ReadOnlyFile, out SafeFd file);
        try
        {
            if (errno == 0) { errno = Posix.WriteAll(file.Value, Content); }
            if (errno == 0) { errno = Posix.Sync(file.Value); }
            if (errno != 0) { return errno; }

            step = "a file cannot be given its name in one step";
            errno = DurableFile.Publish(directory, "a"u8, directory, "b"u8, replace: false);
            if (errno != 0) { return errno; }
            _ = Posix.SetMode(file.Value, Modes.ReadOnlyFile);
        }
        finally { file.Close(); }

        step = "a directory's names cannot be made durable";
        errno = DurableFile.SyncDirectory(directory);
        if (errno != 0) { return errno; }

        step = "what was written cannot be read";
        errno = Beneath.Open(directory, "b"u8, Posix.O_RDONLY, out file);
        if (errno != 0) { return errno; }
        Span<byte> read = stackalloc byte[Content.Length + 1];
        errno = Posix.ReadAt(file.Value, read, 0, out int length);
        file.Close();
        if (errno != 0) { return errno; }
        if (!read[..length].SequenceEqual(Content)) { return Errno.EIO; }

        step = "a file cannot take another's place";
        errno = DurableFile.CreateLocked(directory, "a"u8, Modes.ReadOnlyFile, out file);
        if (errno == 0) { errno = DurableFile.Publish(directory, "a"u8, directory, "b"u8, replace: true); }
        file.Close();
        if (errno != 0) { return errno; }

        step = "a file cannot be removed";
        return Posix.UnlinkAt(directory, "b"u8);
    }
}
