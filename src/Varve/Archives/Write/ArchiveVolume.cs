namespace Varve.Archives.Write;

/// <summary>A volume of an archive.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Larger">If it is longer than it should be: the entry in it, by its path in the archive, that is longer than a volume and
/// cannot be split. Else null.</param>
internal sealed record ArchiveVolume(byte[] Path, long Bytes, byte[]? Larger);
