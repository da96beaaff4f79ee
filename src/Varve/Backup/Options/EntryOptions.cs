using System.Globalization;
using Varve.Backup.Rules;
using Varve.Model.Rules;
using Varve.Model.Snapshots;

namespace Varve.Backup.Options;

/// <summary>The rules that a backup's options give which are no path's.</summary>
internal static class EntryOptions
{
    /// <summary>The rules that are no path's.</summary>
    internal static EntryRules RulesOf(BackupOptions options)
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
}
