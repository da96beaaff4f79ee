namespace Varve.Backup.Rules;

/// <summary>All rules of a run that are no path's, and the names of ignore files that count. Immutable.</summary>
internal sealed class EntryRules
{
    /// <summary>What a tag of a cache begins with (https://bford.info/cachedir/).</summary>
    internal static ReadOnlySpan<byte> CacheSignature => "Signature: 8a477f597d28d172789f06886806bc55"u8;

    /// <summary>The name of such a tag.</summary>
    internal static readonly byte[] CacheTag = "CACHEDIR.TAG"u8.ToArray();

    /// <summary>None.</summary>
    internal static readonly EntryRules None = new([]);

    internal EntryRules(IReadOnlyList<EntryRule> all)
    {
        All = all;
        Tags = [.. all.Where(static r => r.IsTag)];
        ByEntry = [.. all.Where(static r => !r.IsTag)];
    }

    /// <summary>All of them, in the order in which marks name them.</summary>
    internal IReadOnlyList<EntryRule> All { get; }

    /// <summary>Those by what a directory holds.</summary>
    internal EntryRule[] Tags { get; }

    /// <summary>Those by what an entry is.</summary>
    internal EntryRule[] ByEntry { get; }

    /// <summary>Names of ignore files in the tree; of two in one directory the later goes before.</summary>
    internal byte[][] IgnoreFiles { get; init; } = [];

    /// <summary>Types of file systems that are not entered.</summary>
    internal IReadOnlySet<string> FileSystems { get; init; } = new HashSet<string>();

    /// <summary>Whether there is nothing that listings have to be looked through for.</summary>
    internal bool IsEmpty => All.Count == 0 && IgnoreFiles.Length == 0;
}
