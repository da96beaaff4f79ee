using Varve.Model.Paths;

namespace Varve;

/// <summary>A place that a source is read from, and what it is recorded as.</summary>
/// <param name="Path">The directory, as bytes. A symlink here is followed.</param>
/// <param name="As">The path it stands for: absolute (<see cref="CanonicalPaths"/>), the source's canonical root or below it.</param>
public sealed record RootMapping(byte[] Path, byte[] As);
