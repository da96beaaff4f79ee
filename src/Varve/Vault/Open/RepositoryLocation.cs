namespace Varve;

/// <summary>Where a repository lies.</summary>
/// <param name="Path">A local directory.</param>
public sealed record RepositoryLocation(string Path);
