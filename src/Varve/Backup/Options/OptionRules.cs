using System.Globalization;
using Varve.Backup.Rules;
using Varve.Backup.Sources;
using Varve.Model.Paths;
using Varve.Model.Rules;
using Varve.Model.Snapshots;

namespace Varve.Backup.Options;

/// <summary>What must hold of a backup's options, and can be told before anything is locked, made or looked up.</summary>
internal static class OptionRules
{
    /// <summary>The rules that are no path's.</summary>
    internal static EntryRules EntriesOf(BackupOptions options)
    {
        var all = new List<EntryRule>();
        if (options.ExcludeCaches) { Add(EntryRuleKind.CacheTag, "CACHEDIR.TAG", static r => r with { Name = EntryRules.CacheTag }); }
        foreach (string name in options.ExcludeIfPresent) { Add(EntryRuleKind.Present, name, r => r with { Name = ToBytes(name) }); }
        if (options.ExcludeLargerThan is { } size)
        {
            string said = string.Create(CultureInfo.InvariantCulture, $"larger than {size} bytes");
            Add(EntryRuleKind.Larger, said, r => r with { Size = size });
        }

        if (options.ExcludeOlderThan is { } older) { Add(EntryRuleKind.Older, "modified before " + Text(older), r => With(r, older)); }
        if (options.ExcludeNewerThan is { } newer) { Add(EntryRuleKind.Newer, "modified after " + Text(newer), r => With(r, newer)); }
        if (options.ExcludeNoDump) { Add(EntryRuleKind.NoDump, "nodump", static r => r); }
        foreach (string attribute in options.ExcludeXattrs)
        {
            string[] parts = attribute.Split('=', 2);
            Add(EntryRuleKind.Xattr, "has " + attribute, r => r with
            {
                Name = ToBytes(parts[0]),
                Value = parts.Length == 1 ? null : ToBytes(parts[1]),
            });
        }

        return new EntryRules(all)
        {
            IgnoreFiles = [.. options.IgnoreFiles.Select(ToBytes)],
            FileSystems = new HashSet<string>(options.ExcludeFileSystems, StringComparer.Ordinal),
        };

        void Add(EntryRuleKind kind, string said, Func<EntryRule, EntryRule> with) =>
            all.Add(with(new EntryRule(kind, new ExcludeRule(said, RuleOrigin.Property))));

        static EntryRule With(EntryRule rule, FileTime time) => rule with { Time = time };

        static byte[] ToBytes(string text) => RuleText.ToBytes(text);
    }

    private static string Text(FileTime time) => time.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm:ssK", CultureInfo.InvariantCulture);

    /// <summary>Opens the roots of a source that may be backed up so.</summary>
    /// <exception cref="VarveException">Usage: options that make no sense. NotFound, Storage: none of the roots is there.</exception>
    internal static SourceTree Open(BackupOptions options)
    {
        bool inPasses = options.NewestFirst || options.Budget is not null;
        if (options.Force && inPasses)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request("reading every file"),
                "goes neither with newest first nor with a budget", Advice.ForceAlone);
        }

        foreach (ExcludeRule rule in options.ExcludeRules)
        {
            RuleText.Check(rule.Pattern, rule.File is null ? null : (rule.File, rule.Line));
        }

        FileGroups.Of(options.Groups);
        SourceTree tree = options.Stream is not null ? SourceTree.OpenStandIn(options.CanonicalRoot!) : SourceTree.Open(
            [new RootRequest(options.RootPath, options.RootAs, options.RootIsRemovable, options.RootFileSystem),
            .. options.FurtherRoots.Select(static r => new RootRequest(r.Path, r.As, r.IsRemovable, r.FileSystem))],
            options.CanonicalRoot);
        if (!inPasses || tree.Root.Stat.Kind == EntryKind.Directory) { return tree; }
        var wrong = new VarveException(ErrorKind.Usage, Subject.Source(tree.CanonicalPath),
            "it is one file, and newest first and budgets are for directories", Advice.NoBudget);
        tree.Dispose();
        throw wrong;
    }
}
