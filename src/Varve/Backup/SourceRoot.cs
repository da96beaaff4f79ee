using Varve.Model;
using Varve.Platform;
using Varve.Walk;

namespace Varve.Backup;

/// <summary>
/// Where a source begins: its path with symlinks resolved, the open directory above it, and its stat. Owns the handle of the directory above.
/// </summary>
internal sealed class SourceRoot : IDisposable
{
    /// <summary>The root's stat.</summary>
    internal EntryStat Stat;

    private SourceRoot(byte[] path, byte[] name, DirectoryHandle parent)
    {
        CanonicalPath = path;
        Name = name;
        Parent = parent;
    }

    /// <summary>Absolute, without symlinks.</summary>
    internal byte[] CanonicalPath { get; }

    /// <summary>The last component; <c>/</c> for the root directory.</summary>
    internal byte[] Name { get; }

    /// <summary>The directory above; for <c>/</c> that directory itself.</summary>
    internal DirectoryHandle Parent { get; }

    /// <summary>Resolves and opens a root.</summary>
    /// <exception cref="VarveException">NotFound or Storage, naming the path.</exception>
    internal static SourceRoot Open(ReadOnlySpan<byte> path)
    {
        byte[] real;
        try
        {
            real = PosixPath.Resolve(path);
            int slash = real.AsSpan().LastIndexOf((byte)'/');
            byte[] name = real.Length == 1 ? "/"u8.ToArray() : real[(slash + 1)..];
            byte[] above = slash <= 0 ? "/"u8.ToArray() : real[..slash];
            var root = new SourceRoot(real, name, DirectoryHandle.OpenRoot(above));
            PosixPath.Stat(real, ref root.Stat);
            if (root.Stat.Kind is EntryKind.Directory or EntryKind.File) { return root; }
            root.Dispose();
        }
        catch (PosixException e)
        {
            throw new VarveException(
                e.Errno is Errno.ENOENT or Errno.ENOTDIR ? ErrorKind.NotFound : ErrorKind.Storage,
                $"cannot back up {PathText.Of(path)}: {e.Message}", "Check the path.", e);
        }

        throw new VarveException(ErrorKind.Usage, $"cannot back up {PathText.Of(path)}: it is neither a directory nor a regular file", "Name the directory it is in.");
    }

    /// <summary>The root itself, if it is a directory.</summary>
    internal DirectoryHandle OpenDirectory() => DirectoryHandle.OpenRoot(CanonicalPath);

    /// <inheritdoc/>
    public void Dispose() => Parent.Release();
}
