namespace Varve.Catalog.Rows;

/// <summary>What a directory itself holds, without what lies below.</summary>
/// <param name="Files">Regular files.</param>
/// <param name="Directories">Directories.</param>
/// <param name="Symlinks">Symbolic links.</param>
/// <param name="Others">Fifos, sockets and devices.</param>
/// <param name="Bytes">Sum of the files' sizes.</param>
internal readonly record struct DirectoryCounts(long Files, long Directories, long Symlinks, long Others, long Bytes);
