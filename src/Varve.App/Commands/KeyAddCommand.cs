using Varve.App.Output.Reports;
using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;

namespace Varve.App.Commands;

/// <summary><c>varve key add</c>: another password or key file.</summary>
internal static class KeyAddCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        KeyLevel level = values.Get(KeySettings.Level, KeyLevel.Full);
        string label = values.Find(RepositorySettings.Label) ?? CommandContext.DefaultLabel();
        CredentialSource? source = GlobalOptions.Only(
            GlobalOptions.Source(CredentialKind.KeyFile, values, KeySettings.NewKeyFile),
            GlobalOptions.Source(CredentialKind.PasswordFile, values, KeySettings.NewPasswordFile),
            GlobalOptions.Source(CredentialKind.PasswordCommand, values, KeySettings.NewPasswordCommand));

        using Repository repository = context.Open();
        Credentials credentials = source is not null ? context.NewCredentials(source)
            : context.AskNewPassword(Advice.GiveNewKey);
        KeySlotInfo slot = repository.AddKey(level, credentials, label);
        context.Results.Write(new KeyAddedReport(slot, context.CreatedKeyFile));
        return Outcome.Done;
    }
}
