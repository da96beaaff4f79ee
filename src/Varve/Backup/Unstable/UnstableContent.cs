using Varve.Backup.Run;
using Varve.Model;
using Varve.Tree.Details;

namespace Varve.Backup.Unstable;

/// <summary>What came of storing the content of a file that may not hold still.</summary>
/// <param name="Extents">Where it lies; null for an empty one. Valid until the thread cuts its next file.</param>
/// <param name="Stability">What it is worth.</param>
/// <param name="Stat">The stat to record: that of the moment the content is from, and always of its size.</param>
internal readonly record struct UnstableContent(ExtentListWriter? Extents, Stability Stability, EntryStat Stat);
