using Varve.App.Settings.Line;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.Model.Snapshots;

namespace Varve.App.Settings.Resolved;

/// <summary>The rules of a digest, which takes them from its line alone, in the order that a backup has them in.</summary>
internal static class DigestRules
{
    /// <summary>Files of rules, then what excludes, then what includes.</summary>
    /// <exception cref="VarveException">Usage: a file cannot be read, or a rule makes no sense.</exception>
    internal static IReadOnlyList<ExcludeRule> Of(SettingValues values) =>
    [
        .. values.All(ArchiveSettings.ExcludeFrom).SelectMany(static f => RuleSources.Read(
            RuleSources.FileOf(f, static path => Texts.FullPath(path, ArchiveSettings.ExcludeFrom.Name)), RuleOrigin.Option)),
        .. values.All(ArchiveSettings.Excludes).Select(static r => new ExcludeRule(RuleSources.FromHere(r), RuleOrigin.Option)),
        .. values.All(ArchiveSettings.Includes).Select(static r =>
            new ExcludeRule(RuleSources.Including(RuleSources.FromHere(r)), RuleOrigin.Option)),
    ];
}
