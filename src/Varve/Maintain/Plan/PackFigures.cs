namespace Varve.Maintain.Plan;

/// <summary>What a prune found of one kind of pack, and what it does with it. Bytes are as stored.</summary>
internal sealed record PackFigures
{
    /// <summary>Packs that runs name.</summary>
    internal long Packs { get; init; }
    /// <summary>Their bytes.</summary>
    internal long Bytes { get; init; }
    /// <summary>How many of them snapshots need, about.</summary>
    internal long UsedBytes { get; init; }
    /// <summary>Packs of which nothing is needed.</summary>
    internal long UnneededPacks { get; init; }
    /// <summary>Their bytes.</summary>
    internal long UnneededBytes { get; init; }
    /// <summary>Packs that go when what is needed of them was copied.</summary>
    internal long RepackedPacks { get; init; }
    /// <summary>Their bytes.</summary>
    internal long RepackedBytes { get; init; }
    /// <summary>What is copied of them, about.</summary>
    internal long CopiedBytes { get; init; }
    /// <summary>Packs of which nothing is needed, and that stay: the backup that stored them may carry on.</summary>
    internal long SparedPacks { get; init; }
    /// <summary>Their bytes.</summary>
    internal long SparedBytes { get; init; }
    /// <summary>Bytes that are not needed and stay, in packs of which the rest is.</summary>
    internal long LeftBytes { get; init; }
}
