using Varve.Archives.Output;

namespace Varve.Archives.Write;

/// <summary>An archive that is there, of the same source.</summary>
/// <param name="Name">Its name in the directory.</param>
/// <param name="Comment">What it says of itself.</param>
/// <param name="Made">When it was made; if it does not say that, when it was written.</param>
internal sealed record EarlierArchive(byte[] Name, ArchiveComment Comment, DateTimeOffset Made);
