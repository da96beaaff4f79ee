using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.Model.Snapshots;

namespace Varve.App.Settings.Configuration;

/// <summary>Takes what is said of a source, of all, or in a profile, out of its keys.</summary>
internal static class RulesParser
{
    /// <exception cref="VarveException">Usage.</exception>
    internal static SourceRules Parse(Dictionary<string, ConfigNode> values, ConfigPaths paths) => new()
    {
        Rules = [.. Files(values, paths), .. Rules(values, BackupSettings.Excludes, static r => r),
            .. Rules(values, BackupSettings.Includes, RuleSources.Including)],
        LargerThan = Value(values, BackupSettings.LargerThan),
        OlderThan = Text(values, BackupSettings.OlderThan),
        NewerThan = Text(values, BackupSettings.NewerThan),
        IfPresent = All(values, BackupSettings.IfPresent),
        Caches = Flag(values, BackupSettings.Caches),
        NoDump = Flag(values, BackupSettings.NoDump),
        IfXattr = All(values, BackupSettings.IfXattr),
        FileSystemTypes = All(values, BackupSettings.FileSystemTypes),
        IgnoreFiles = All(values, BackupSettings.IgnoreFiles),
        Groups = All(values, BackupSettings.Groups),
        Map = All(values, BackupSettings.Map),
        Tags = All(values, BackupSettings.Tags),
        OneFileSystem = Flag(values, BackupSettings.OneFileSystem),
        IgnoreInode = Flag(values, BackupSettings.IgnoreInode),
        IgnoreCtime = Flag(values, BackupSettings.IgnoreCtime),
        FileSystemSnapshot = Value(values, BackupSettings.FileSystemSnapshot),
        Trust = Value(values, BackupSettings.Trust),
        VerifyExisting = Flag(values, BackupSettings.VerifyExisting),
        Compression = Value(values, BackupSettings.Compression),
        Budget = Value(values, BackupSettings.Budget),
        BudgetBySize = Value(values, BackupSettings.BudgetBy),
        KeepLog = Value(values, BackupSettings.KeepLog),
    };

    private static IReadOnlyList<ConfigNode> Items(Dictionary<string, ConfigNode> values, Setting setting) =>
        values.TryGetValue(setting.Key!, out ConfigNode? list) ? list.AsList($"'{setting.Key}'") : [];

    private static IEnumerable<GivenRule> Files(Dictionary<string, ConfigNode> values, ConfigPaths paths)
    {
        const string What = "each of 'exclude-from'";
        return Items(values, BackupSettings.ExcludeFrom).Select(item => Given(item,
            item.Text ?? "", RuleSources.FileOf(item.Parse(BackupSettings.ExcludeFrom, What), path => paths.Of(item, path, What))));
    }

    private static GivenRule Given(ConfigNode item, string rule, string? file = null) => new(
        new ExcludeRule(rule, RuleOrigin.Configuration) { File = item.Place.Name, Line = item.Place.Line }, file);

    private static IEnumerable<GivenRule> Rules(
        Dictionary<string, ConfigNode> values, ValueSetting<string> setting, Func<string, string> meant) =>
        Items(values, setting).Select(item => Given(item, meant(item.Parse(setting, $"each of '{setting.Key}'"))));

    private static string? Text(Dictionary<string, ConfigNode> values, ValueSetting<string> setting) =>
        values.TryGetValue(setting.Key!, out ConfigNode? value) ? value.Parse(setting, $"'{setting.Key}'") : null;

    private static List<T> All<T>(Dictionary<string, ConfigNode> values, ValueSetting<T> setting)
    {
        var all = new List<T>();
        if (!values.TryGetValue(setting.Key!, out ConfigNode? list)) { return all; }
        foreach (ConfigNode item in list.AsList($"'{setting.Key}'")) { all.Add(item.Parse(setting, $"each of '{setting.Key}'")); }
        return all;
    }

    private static bool? Flag(Dictionary<string, ConfigNode> values, FlagSetting flag) =>
        values.TryGetValue(flag.Key!, out ConfigNode? value) ? value.AsFlag($"'{flag.Key}'") : null;

    private static T? Value<T>(Dictionary<string, ConfigNode> values, ValueSetting<T> setting) where T : struct =>
        values.TryGetValue(setting.Key!, out ConfigNode? value) ? value.Parse(setting, $"'{setting.Key}'") : null;
}
