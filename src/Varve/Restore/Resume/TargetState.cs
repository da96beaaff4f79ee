namespace Varve.Restore.Resume;

/// <summary>What a target was like when a restore into it began.</summary>
internal enum TargetState
{
    /// <summary>It was not there.</summary>
    Made,
    /// <summary>Nothing was in it: all that is in it now came later.</summary>
    Empty,
    /// <summary>Something was in it.</summary>
    Filled,
}
