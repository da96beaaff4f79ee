using Varve.App.Settings.Table;

namespace Varve.App.Settings.Line;

/// <summary>What is wrong in a command line, in words. Here the whole table is read: only errors pay for it.</summary>
internal static class LineErrors
{
    /// <summary>Anything, of a command or, with null, of the program.</summary>
    internal static VarveException Of(CommandSpec? spec, string what) =>
        new(ErrorKind.Usage, spec is null ? Subject.None : Subject.Command(spec.Path), what, Advice.SeeHelp);

    /// <summary>A first word that names no command.</summary>
    internal static VarveException NoCommand(string word) => new(
        ErrorKind.Usage, Subject.Request($"'{word}'"), "is no command" + Meant(Nearest.To(word, CommandTable.Names)), Advice.SeeHelp);

    /// <summary>A word after a group of commands that names none of them.</summary>
    internal static VarveException NoCommand(CommandSpec group, string word)
    {
        string? nearest = Nearest.To(word, group.Commands.Select(static c => c.Name));
        return Of(group, $"'{word}' is no command of it" + (nearest is not null ? Meant($"{group.Path} {nearest}")
            : $"; there are: {string.Join(", ", group.Commands.Select(static c => c.Name))}"));
    }

    /// <summary>An option that the command has not; where there is such an option elsewhere, it says where.</summary>
    internal static VarveException NoOption(CommandSpec? spec, string name)
    {
        string[] others = [.. CommandTable.Leaves.Where(c => c.Settings.Any(s => s.Name == name || s.Alias == name))
            .Select(static c => $"'{c.Path}'")];
        string what = $"there is no option '{name}'";
        if (others.Length == 0) { return Of(spec, what + Meant(Nearest.To(name, Known(spec).Select(static s => s.Name)))); }
        string have = (others.Length == 1 ? others[0] : $"{string.Join(", ", others[..^1])} and {others[^1]}")
            + (others.Length == 1 ? " has it" : " have it");
        return Of(spec, spec is null ? $"{what} before a command; {have}" : $"{what} here; {have}");
    }

    /// <summary>An option without the value it wants; <paramref name="next"/> is what follows it in the line.</summary>
    internal static VarveException NoValue(CommandSpec? spec, Setting setting, string name, string? next) => Of(spec,
        $"{name} needs a value: {name} {setting.ValueName}"
        + (next is null ? "" : $"; a value that begins with a dash is written {setting.Name}={next}"));

    /// <summary>An argument for which there is no place.</summary>
    internal static VarveException TooMuch(CommandSpec spec, string word) => Of(spec, spec.Arguments.Count == 0
        ? $"it takes options only, not '{word}'"
        : $"'{word}' is one argument too many; it takes {string.Join(' ', spec.Arguments.Select(static a => a.Synopsis))}");

    /// <summary>What may stand after a command, or before all commands.</summary>
    internal static IEnumerable<Setting> Known(CommandSpec? spec) =>
        spec is null ? [.. GlobalSettings.All, GlobalSettings.Help, GlobalSettings.Version] : [.. spec.AllSettings, GlobalSettings.Help];

    private static string Meant(string? nearest) => nearest is null ? "" : $"; did you mean '{nearest}'?";
}
