using Varve.App.Settings.Values;
using Varve.Freeze;
using Varve.Maintain.Retention;
using Varve.Vault.Runs;

namespace Varve.App.Settings.Configuration;

/// <summary>What may be said of a source, of all of them, or in a profile. Null: nothing is said.</summary>
internal sealed record SourceRules
{
    internal static readonly SourceRules None = new();

    /// <summary>What is left out and kept by paths, in order: files of rules, then what excludes, then what includes.</summary>
    internal IReadOnlyList<GivenRule> Rules { get; init; } = [];

    internal long? LargerThan { get; init; }
    internal string? OlderThan { get; init; }
    internal string? NewerThan { get; init; }
    internal IReadOnlyList<string> IfPresent { get; init; } = [];
    internal bool? Caches { get; init; }
    internal bool? NoDump { get; init; }
    internal IReadOnlyList<string> IfXattr { get; init; } = [];
    internal IReadOnlyList<string> FileSystemTypes { get; init; } = [];
    internal IReadOnlyList<string> IgnoreFiles { get; init; } = [];
    internal IReadOnlyList<string> Groups { get; init; } = [];
    internal IReadOnlyList<string> Map { get; init; } = [];
    internal IReadOnlyList<string> Tags { get; init; } = [];
    internal bool? OneFileSystem { get; init; }
    internal bool? IgnoreInode { get; init; }
    internal bool? IgnoreCtime { get; init; }
    internal FreezeMethod? FileSystemSnapshot { get; init; }
    internal PackTrust? Trust { get; init; }
    internal bool? VerifyExisting { get; init; }
    internal int? Compression { get; init; }
    internal KeepDuration? KeepLog { get; init; }

    /// <summary>Bytes of new content, of each source by itself.</summary>
    internal long? Budget { get; init; }

    /// <summary>Whether the budget counts sizes of files.</summary>
    internal bool? BudgetBySize { get; init; }

    /// <summary>These before <paramref name="others"/>: a value of theirs holds where nothing is said here; lists are joined.</summary>
    internal SourceRules Over(SourceRules others) => new()
    {
        Rules = [.. others.Rules, .. Rules],
        LargerThan = LargerThan ?? others.LargerThan,
        OlderThan = OlderThan ?? others.OlderThan,
        NewerThan = NewerThan ?? others.NewerThan,
        IfPresent = [.. others.IfPresent, .. IfPresent],
        Caches = Caches ?? others.Caches,
        NoDump = NoDump ?? others.NoDump,
        IfXattr = [.. others.IfXattr, .. IfXattr],
        FileSystemTypes = [.. others.FileSystemTypes, .. FileSystemTypes],
        IgnoreFiles = [.. others.IgnoreFiles, .. IgnoreFiles],
        Groups = [.. others.Groups, .. Groups],
        Map = [.. Map, .. others.Map], // the first that fits counts
        Tags = [.. others.Tags, .. Tags],
        OneFileSystem = OneFileSystem ?? others.OneFileSystem,
        IgnoreInode = IgnoreInode ?? others.IgnoreInode,
        IgnoreCtime = IgnoreCtime ?? others.IgnoreCtime,
        FileSystemSnapshot = FileSystemSnapshot ?? others.FileSystemSnapshot,
        Trust = Trust ?? others.Trust,
        VerifyExisting = VerifyExisting ?? others.VerifyExisting,
        Compression = Compression ?? others.Compression,
        Budget = Budget ?? others.Budget,
        BudgetBySize = BudgetBySize ?? others.BudgetBySize,
        KeepLog = KeepLog ?? others.KeepLog,
    };
}
