namespace Varve.Model;

/// <summary>A file that a partial snapshot does not hold (or only as it was earlier in the run): it is still to come.</summary>
/// <param name="Path">Relative to the root of the source, bytes.</param>
/// <param name="Size">Its size.</param>
/// <param name="Time">The later of its mtime and ctime.</param>
internal sealed record PendingFile(byte[] Path, long Size, FileTime Time);
