using Varve.App.Invocation;
using Varve.App.Settings.Line;
using Varve.App.Settings.Reference;
using Varve.App.Settings.Table;

namespace Varve.App.Commands;

/// <summary><c>varve help</c>: the help of the program or of a command, as <c>--help</c> shows it.</summary>
internal static class HelpCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        CommandSpec? spec = null;
        foreach (string word in values.Arguments(HelpSettings.Words)) { spec = Below(spec, word); }
        context.Out.Write(HelpPage.Of(spec, context.Width));
        return Outcome.Done;
    }

    private static CommandSpec Below(CommandSpec? spec, string word)
    {
        if (spec is null) { return CommandTable.Names.Contains(word) ? CommandTable.Find(word) : throw LineErrors.NoCommand(word); }
        if (spec.Commands.Count == 0) { throw LineErrors.TooMuch(HelpSettings.Help, word); }
        return spec.Commands.FirstOrDefault(c => c.Name == word) ?? throw LineErrors.NoCommand(spec, word);
    }
}
