namespace Varve.Archives.Extract;

/// <summary>How much is extracted at most. An archive that says of itself that it has more is refused before anything is written.</summary>
internal sealed record ExtractLimits
{
    /// <summary>Entries.</summary>
    internal long Entries { get; init; } = 10_000_000;

    /// <summary>Bytes of all files together: 1 TiB.</summary>
    internal long Bytes { get; init; } = 1L << 40;

    /// <summary>So many times the archive's length, from <see cref="FreeBytes"/> on.</summary>
    internal long Ratio { get; init; } = 200;

    /// <summary>Below this no ratio counts: 1 GiB.</summary>
    internal const long FreeBytes = 1L << 30;

    /// <summary>The bytes that may come of an archive of that length.</summary>
    internal long MostOf(long archive)
    {
        long byRatio = archive > long.MaxValue / Ratio ? long.MaxValue : archive * Ratio;
        return Math.Min(Bytes, Math.Max(byRatio, FreeBytes));
    }
}
