namespace Varve.Backup.Sources;

/// <summary>A root that was asked for.</summary>
/// <param name="Path">Where it is read.</param>
/// <param name="As">What it stands for; null: the canonical root.</param>
/// <param name="IsRemovable">Whether it may not be there.</param>
/// <param name="FileSystem">What it is recognised by then; null: what the snapshot before says.</param>
internal sealed record RootRequest(byte[] Path, byte[]? As, bool IsRemovable = false, string? FileSystem = null);
