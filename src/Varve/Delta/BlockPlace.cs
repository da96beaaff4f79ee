namespace Varve.Delta;

/// <summary>A block of a signature by section and number in it.</summary>
internal readonly record struct BlockPlace(int Section, int Index);
