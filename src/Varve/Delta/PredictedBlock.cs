namespace Varve.Delta;

/// <summary>A block of the earlier state at the place where it should be now.</summary>
internal struct PredictedBlock
{
    /// <summary>The block.</summary>
    internal BlockRecord Block;

    /// <summary>Where in the window it should be.</summary>
    internal int At;

    /// <summary>Whether it is there.</summary>
    internal bool IsThere;
}
