namespace Varve.Model.Snapshots;

/// <summary>A root of a source that may not be there, as a snapshot records it (docs/format.md, 9).</summary>
/// <param name="Below">Its place below the canonical root; empty for that itself.</param>
/// <param name="FileSystem">What its file system is recognised by; empty if it was never there.</param>
/// <param name="IsThere">Whether the snapshot saw it; otherwise what it held is in the snapshot as it was last seen.</param>
internal sealed record RemovableRoot(byte[] Below, string FileSystem, bool IsThere);
