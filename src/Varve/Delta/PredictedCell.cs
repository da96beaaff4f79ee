namespace Varve.Delta;

/// <summary>A cell of the earlier state at the place where it should be now.</summary>
internal struct PredictedCell
{
    /// <summary>The cell.</summary>
    internal CellRecord Cell;

    /// <summary>Where in the window it should be.</summary>
    internal int At;

    /// <summary>Whether it is there.</summary>
    internal bool IsThere;
}
