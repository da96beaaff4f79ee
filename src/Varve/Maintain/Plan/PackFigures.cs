namespace Varve;

/// <summary>What a prune found of one kind of pack, and what it does with it. Bytes are as stored.</summary>
public sealed record PackFigures
{
    /// <summary>Packs that runs name.</summary>
    public long Packs { get; init; }
    /// <summary>Their bytes.</summary>
    public long Bytes { get; init; }
    /// <summary>How many of them snapshots need, about.</summary>
    public long UsedBytes { get; init; }
    /// <summary>Packs of which nothing is needed.</summary>
    public long UnneededPacks { get; init; }
    /// <summary>Their bytes.</summary>
    public long UnneededBytes { get; init; }
    /// <summary>Packs that go when what is needed of them was copied.</summary>
    public long RepackedPacks { get; init; }
    /// <summary>Their bytes.</summary>
    public long RepackedBytes { get; init; }
    /// <summary>What is copied of them, about.</summary>
    public long CopiedBytes { get; init; }
    /// <summary>Packs of which nothing is needed, and that stay: the backup that stored them may carry on.</summary>
    public long SparedPacks { get; init; }
    /// <summary>Their bytes.</summary>
    public long SparedBytes { get; init; }
    /// <summary>Bytes that are not needed and stay, in packs of which the rest is.</summary>
    public long LeftBytes { get; init; }
}
