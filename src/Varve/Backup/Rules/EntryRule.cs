using Varve.Model;
using Varve.Model.Snapshots;

namespace Varve.Backup.Rules;

/// <summary>What is left out by what an entry is, or by what a directory holds, and not by a path.</summary>
/// <param name="Kind">By what.</param>
/// <param name="Rule">What marks say of it.</param>
internal sealed record EntryRule(EntryRuleKind Kind, ExcludeRule Rule)
{
    /// <summary>The greatest size that is kept.</summary>
    internal long Size { get; init; }

    /// <summary>The time that a change is compared with.</summary>
    internal FileTime Time { get; init; }

    /// <summary>The name of an attribute or of an entry.</summary>
    internal byte[] Name { get; init; } = [];

    /// <summary>The value of the attribute; null for any.</summary>
    internal byte[]? Value { get; init; }

    /// <summary>Whether a directory is meant by what it holds.</summary>
    internal bool IsTag => Kind is EntryRuleKind.CacheTag or EntryRuleKind.Present;

    /// <summary>Whether it leaves out an entry with that stat; of an attribute that has to be asked for it is not known.</summary>
    internal bool Drops(in EntryStat stat) => Kind switch
    {
        EntryRuleKind.Larger => stat.Kind == EntryKind.File && stat.Size > Size,
        EntryRuleKind.Older => stat.Kind != EntryKind.Directory && stat.Mtime < Time,
        EntryRuleKind.Newer => stat.Kind != EntryKind.Directory && stat.Mtime > Time,
        EntryRuleKind.NoDump => (stat.Attributes & NoDumpBit) != 0,
        _ => false,
    };

    // STATX_ATTR_NODUMP, which chattr +d sets.
    private const uint NoDumpBit = 0x40;
}
