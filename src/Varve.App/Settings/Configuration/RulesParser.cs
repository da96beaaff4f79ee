using Varve.App.Settings.Table;

namespace Varve.App.Settings.Configuration;

/// <summary>Takes what is said of a source, of all, or in a profile, out of its keys.</summary>
internal static class RulesParser
{
    /// <exception cref="VarveException">Usage.</exception>
    internal static SourceRules Parse(Dictionary<string, ConfigNode> values) => new()
    {
        Excludes = All(values, BackupSettings.Excludes),
        Groups = All(values, BackupSettings.Groups),
        Tags = All(values, BackupSettings.Tags),
        OneFileSystem = Flag(values, BackupSettings.OneFileSystem),
        IgnoreInode = Flag(values, BackupSettings.IgnoreInode),
        IgnoreCtime = Flag(values, BackupSettings.IgnoreCtime),
        FileSystemSnapshot = Value(values, BackupSettings.FileSystemSnapshot),
        Trust = Value(values, BackupSettings.Trust),
        VerifyExisting = Flag(values, BackupSettings.VerifyExisting),
        Compression = Value(values, BackupSettings.Compression),
        Budget = Value(values, BackupSettings.Budget),
    };

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
