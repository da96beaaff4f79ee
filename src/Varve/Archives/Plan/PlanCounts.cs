namespace Varve.Archives.Plan;

/// <summary>Files and their bytes.</summary>
internal struct PlanCounts
{
    /// <summary>Files.</summary>
    internal long Files { get; private set; }

    /// <summary>Their bytes, as far as they are known.</summary>
    internal long Bytes { get; private set; }

    /// <summary>Counts one.</summary>
    internal void Add(long size)
    {
        Files++;
        Bytes = Model.Bounds.Saturating.Add(Bytes, Math.Max(size, 0));
    }
}
