namespace Varve.Archives.Plan;

/// <summary>How a plan is made.</summary>
internal sealed record PlanOptions
{
    /// <summary>By how much a file has to be newer than what was saved, in nanoseconds, beyond what the times of both tell.</summary>
    internal long Tolerance { get; init; }

    /// <summary>In which order files are due.</summary>
    internal PlanOrder Order { get; init; }

    /// <summary>Whether the files of a directory stay together: the order is that of directories then.</summary>
    internal bool KeepTogether { get; init; }

    /// <summary>Bytes that are due at most; null: all.</summary>
    internal long? Budget { get; init; }

    /// <summary>Bytes of a volume at most; null: all in one.</summary>
    internal long? VolumeSize { get; init; }

    /// <summary>The path of <c>sort</c>.</summary>
    internal required string Sort { get; init; }

    /// <summary>Where that puts its files.</summary>
    internal required string Directory { get; init; }
}
