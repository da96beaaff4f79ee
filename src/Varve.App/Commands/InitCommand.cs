using Varve.App.Invocation;
using Varve.App.Output.Reports;
using Varve.App.Settings.Line;
using Varve.App.Settings.Table;

namespace Varve.App.Commands;

/// <summary><c>varve init</c>: a new repository with its first key.</summary>
internal static class InitCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        using Repository repository = context.Create(
            () => context.Options.IsDefaultRepository ? context.DefaultKeyFile() : context.AskNewPassword(Advice.GiveFirstKey),
            values.Find(RepositorySettings.Label));
        return context.Conclude(new InitReport(context.Options.Repository, repository.Id, context.CreatedKeyFile), Outcome.Done);
    }
}
