namespace Varve.Platform.Files;

/// <summary>
/// Clones that share a file's blocks (XFS, btrfs). A clone is the file as it stood at one moment: the kernel holds the file's lock, which
/// writers need, and writes dirty pages of mappings out, so that whoever stores to them later has to ask for the lock again. Every method
/// returns 0 or an error number. Thread-safe.
/// </summary>
internal static class Reflink
{
    /// <summary>
    /// A file without a name on the file system of a directory: nothing is left behind, whatever happens, and the directory does not
    /// change. Fails where the file system knows no such files or the directory may not be written to.
    /// </summary>
    internal static int OpenNameless(int directory, out SafeFd file) =>
        Posix.OpenAt(directory, "."u8, Posix.O_TMPFILE | Posix.O_RDWR | Posix.O_EXCL, Modes.PrivateFile, out file);
}
