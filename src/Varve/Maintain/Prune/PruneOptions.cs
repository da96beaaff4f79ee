namespace Varve.Maintain.Prune;

/// <summary>How a prune is done.</summary>
internal sealed record PruneOptions
{
    /// <summary>
    /// How much may stay that nobody needs, in packs of which the rest is needed: of a hundred bytes that are needed. Less costs copying.
    /// </summary>
    internal double MaxUnusedPercent { get; init; } = 5;

    /// <summary>The same in bytes; takes the place of the percentage.</summary>
    internal long? MaxUnusedBytes { get; init; }

    /// <summary>How many bytes are copied at most; null for no bound.</summary>
    internal long? MaxRepackBytes { get; init; }

    /// <summary>Only says what would be done.</summary>
    internal bool DryRun { get; init; }

    /// <summary>Packs stay so long, at least, after they were condemned: until then that can be undone.</summary>
    internal TimeSpan KeepFor { get; init; }

    /// <summary>Waits for writers that are at work, instead of leaving what has to wait for them to the next prune.</summary>
    internal bool Wait { get; init; }
}
