using Varve.App.Invocation;
using Varve.App.Output.Reports;
using Varve.App.Settings.Line;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.Keys;
using Varve.Vault;

namespace Varve.App.Commands.Keys;

/// <summary><c>varve key import</c>: a key of a paper key, be there a header and other keys or not.</summary>
internal static class KeyImportCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        string? file = values.Argument(KeySettings.PaperKey) is { } path ? Texts.FullPath(path, "FILE") : null;
        string label = values.Find(RepositorySettings.Label) ?? context.DefaultLabel();
        CredentialSource? source = KeyAddCommand.NewKey(values);
        if (!Directory.Exists(context.Options.Repository)) { throw context.NoRepository(); }
        using PaperKey paper = file is not null ? PaperKey.Load(file, context.Warn) : Type(context);
        Credentials credentials = source is not null ? context.NewCredentials(source) : context.AskNewPassword(Advice.GiveNewKey);
        KeyImportResult result = context.ImportKey(paper, credentials, label);
        return context.Conclude(new KeyImportedReport(result, context.CreatedKeyFile), Outcome.Done);
    }

    /// <summary>Asks for line after line; one that is mistyped is asked for again.</summary>
    private static PaperKey Type(CommandContext context)
    {
        if (context.Ask is not { } ask)
        {
            throw new VarveException(ErrorKind.Usage, Subject.None, "no paper key is given, and there is no terminal to type it at",
                Advice.GivePaperKeyFile);
        }

        using var lines = new PaperKeyLines();
        while (!lines.IsWhole)
        {
            string of = lines.Count > 0 ? $" of {lines.Count}" : "";
            string line = ask($"Line {lines.Next}{of}: ") ?? throw new OperationCanceledException();
            try { lines.Add(line); }
            catch (VarveException e) when (e.Kind == ErrorKind.WrongKey) { context.Say(e.Message); }
        }

        return lines.Finish();
    }
}
