using Varve.Archives.Output;

namespace Varve.Archives.Write;

/// <summary>An archive that is there, of the same source.</summary>
/// <param name="Names">Its name in the directory, or those of its volumes in their order.</param>
/// <param name="Comment">What it says of itself; of volumes what the last does. Without a digest if volumes are missing.</param>
/// <param name="Made">When it was made; if it does not say that, when it was written.</param>
internal sealed record EarlierArchive(IReadOnlyList<byte[]> Names, ArchiveComment Comment, DateTimeOffset Made);
