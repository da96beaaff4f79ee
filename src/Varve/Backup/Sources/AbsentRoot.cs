using Varve.Catalog.Rows;
using Varve.Model;

namespace Varve.Backup.Sources;

/// <summary>One of several roots of a source that is not there. The others are saved; what it held is not gone.</summary>
/// <param name="Path">Where it should be.</param>
/// <param name="Below">Its place below the canonical root, part by part.</param>
/// <param name="IsRemovable">Whether it was to be expected: then what it held stays in the snapshot as it was last seen.</param>
/// <param name="FileSystem">What its file system was recognised by when it was there last, or shall be; null if that is not known.</param>
/// <param name="Reason">Why it counts as not there.</param>
/// <param name="Errno">The error number; 0 if there is none.</param>
internal sealed record AbsentRoot(byte[] Path, byte[][] Below, bool IsRemovable, string? FileSystem, string Reason, int Errno)
{
    /// <summary>What that means for what it held.</summary>
    internal GapKind Kind => IsRemovable ? GapKind.Kept : GapKind.Failed;

    /// <summary>Its place as a path relative to the canonical root.</summary>
    internal byte[] Prefix => SourceLayer.Join(Below);
}
