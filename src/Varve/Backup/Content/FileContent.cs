using Varve.Tree.Details;

namespace Varve.Backup.Content;

/// <summary>What came of storing a file's content.</summary>
/// <param name="Extents">Where it lies; null for an empty one. Valid until the thread cuts its next file.</param>
/// <param name="IsWhole">Whether it was as long as expected.</param>
internal readonly record struct FileContent(ExtentListWriter? Extents, bool IsWhole);
