namespace Varve.Archives.Extract;

/// <summary>What is to be extracted, and where to.</summary>
internal sealed record ExtractOptions
{
    /// <summary>The archive.</summary>
    internal required byte[] Archive { get; init; }

    /// <summary>The directory; it is made if it is missing. What is in it stays as it is.</summary>
    internal required byte[] Target { get; init; }

    /// <summary>Owners are not set.</summary>
    internal bool NoOwner { get; init; }

    /// <summary>Owners are set by number, not by name.</summary>
    internal bool NumericOwner { get; init; }

    /// <summary>Extended attributes are not set.</summary>
    internal bool NoXattrs { get; init; }

    /// <summary>How much at most.</summary>
    internal ExtractLimits Limits { get; init; } = new();

    /// <summary>Threads, for a zip. At least 1.</summary>
    internal int Threads { get; init; } = 1;

    /// <summary>The zone of times that have none.</summary>
    internal TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>The clock.</summary>
    internal required TimeProvider Time { get; init; }
}
