using Varve.Model;

namespace Varve.Backup;

/// <summary>Keeps two backups of one source on this machine apart: an advisory lock that the kernel drops when its process ends, however it ends.</summary>
internal sealed class SourceLock : IDisposable
{
    private readonly FileStream _file;

    private SourceLock(FileStream file) => _file = file;

    /// <exception cref="VarveException">Busy.</exception>
    internal static SourceLock Take(string folder, Bytes32 source, string description)
    {
        try
        {
            return new SourceLock(new FileStream(Path.Combine(folder, $"source-{source}.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException))
        {
            throw new VarveException(ErrorKind.Busy, $"another backup of {description} is running", "Wait until it has ended.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
