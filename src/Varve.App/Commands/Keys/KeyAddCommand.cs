using Varve.App.Invocation;
using Varve.App.Output.Reports;
using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.Vault.Open;

namespace Varve.App.Commands.Keys;

/// <summary><c>varve key add</c>: another password or key file.</summary>
internal static class KeyAddCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        KeyLevel level = values.Get(KeySettings.Level, KeyLevel.Full);
        string label = values.Find(RepositorySettings.Label) ?? context.DefaultLabel();
        CredentialSource? source = NewKey(values);
        using Repository repository = context.Open();
        Credentials credentials = source is not null ? context.NewCredentials(source)
            : context.AskNewPassword(Advice.GiveNewKey);
        KeySlotInfo slot = repository.AddKey(level, credentials, label);
        return context.Conclude(new KeyAddedReport(slot, context.CreatedKeyFile), Outcome.Done);
    }

    /// <summary>What is to open a slot that is made, if an option says it.</summary>
    internal static CredentialSource? NewKey(SettingValues values) => GlobalOptions.Only(
        GlobalOptions.Source(CredentialKind.KeyFile, values, KeySettings.NewKeyFile),
        GlobalOptions.Source(CredentialKind.PasswordFile, values, KeySettings.NewPasswordFile),
        GlobalOptions.Source(CredentialKind.PasswordCommand, values, KeySettings.NewPasswordCommand));
}
