using Varve.App.Settings.Table;

namespace Varve.App.Settings.Reference;

/// <summary>What the completion scripts have in common.</summary>
internal static class ShellWords
{
    /// <summary>What asks for help or, of the program, for the version.</summary>
    internal static IReadOnlyList<FlagSetting> Asking(CommandSpec? spec) =>
        spec is null ? [GlobalSettings.Help, GlobalSettings.Version] : [GlobalSettings.Help];

    /// <summary>Everything that starts with a dash after a command; a group of commands takes what every command takes.</summary>
    internal static IEnumerable<Setting> Settings(CommandSpec spec) => spec.AllSettings.Concat(Asking(spec));

    /// <summary>All settings of all commands, each name once.</summary>
    internal static IEnumerable<Setting> Distinct() =>
        CommandTable.Leaves.SelectMany(static c => c.AllSettings).DistinctBy(static s => s.Name);

    /// <summary>The words of all settings of that name: a shell does not tell commands apart everywhere.</summary>
    internal static IEnumerable<string> Words(Setting setting) => CommandTable.Leaves.SelectMany(static c => c.AllSettings)
        .Where(s => s.Name == setting.Name).SelectMany(static s => s.Words).Distinct();

    /// <summary>Its names.</summary>
    internal static IEnumerable<string> Names(Setting setting) => setting.Alias is null ? [setting.Name] : [setting.Name, setting.Alias];

    /// <summary>In single quotes, as the shells of Bourne's family read it.</summary>
    internal static string Quote(string text) => "'" + text.Replace("'", @"'\''", StringComparison.Ordinal) + "'";
}
