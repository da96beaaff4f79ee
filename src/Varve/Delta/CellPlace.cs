namespace Varve.Delta;

/// <summary>A cell of a signature by section and number in it.</summary>
internal readonly record struct CellPlace(int Section, int Index);
