namespace Varve.Archives.Plan;

/// <summary>A file of a plan. Spans hold until the next.</summary>
internal ref struct PlanFile
{
    /// <summary>The name under which all know it.</summary>
    public ReadOnlySpan<byte> Canonical { get; set; }

    /// <summary>The name by which it is read.</summary>
    public ReadOnlySpan<byte> Actual { get; set; }

    /// <summary>Its size; -1 if that is not known.</summary>
    public long Size { get; set; }

    /// <summary>Its time, if <see cref="Precision"/> is not 0.</summary>
    public FileTime Time { get; set; }

    /// <summary>What the last place of the time stands for, in nanoseconds; 0: it has none.</summary>
    public long Precision { get; set; }

    /// <summary>The time of the newest that was saved; null if nothing was, or it has no time.</summary>
    public FileTime? Saved { get; set; }

    /// <summary>Which volume it goes to, from 1.</summary>
    public int Volume { get; set; }
}
