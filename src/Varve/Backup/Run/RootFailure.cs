using Varve.Model;
using Varve.Platform;

namespace Varve.Backup.Run;

/// <summary>Why the root of a source cannot be read: that ends the run, since without it there is nothing to save.</summary>
internal static class RootFailure
{
    internal static VarveException Of(ReadOnlySpan<byte> path, int errno) => new(
        errno is Errno.ENOENT or Errno.ENOTDIR ? ErrorKind.NotFound : ErrorKind.Storage,
        Subject.Source(path), Errno.Message(errno), Advice.CheckPath);
}
