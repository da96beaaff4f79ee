using Varve.App.Invocation;
using Varve.App.Output.Reports;
using Varve.App.Settings.Line;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.Vault.Open;

namespace Varve.App.Commands.Keys;

/// <summary><c>varve key passwd</c>: another password, or another key file, for a key that there is.</summary>
internal static class KeyPasswdCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        string? key = values.Argument(KeySettings.KeyOrCurrent) is null ? null : values.ArgumentText(KeySettings.KeyOrCurrent, "the key");
        CredentialSource? source = KeyAddCommand.NewKey(values);
        using Repository repository = context.Open();
        KeySlotInfo old = repository.FindKey(key);
        // Before anybody types a new password in vain.
        if (source is null && old.Method != KeyReport.Password) { throw KeyRing.OtherMethod(old); }
        Credentials credentials = source is not null ? context.NewCredentials(source) : context.AskNewPassword(Advice.GiveNewKey);
        KeySlotInfo slot = repository.ReplaceKey(old.Name.ToString(), credentials);
        return context.Conclude(new KeyChangedReport(old, slot, context.CreatedKeyFile), Outcome.Done);
    }
}
