namespace Varve.Model.Paths;

/// <summary>One position of a compiled <see cref="Glob"/>: on which bytes it moves on, on which it stays, and what it may skip.</summary>
internal readonly record struct GlobStep(ByteSet Advance, ByteSet Stay, bool SkipOne = false, bool SkipTwo = false);
