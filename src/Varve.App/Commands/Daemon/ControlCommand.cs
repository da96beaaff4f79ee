using Varve.App.Daemon.Control;
using Varve.App.Daemon.Watch;
using Varve.App.Invocation;
using Varve.App.Output;
using Varve.App.Output.Daemon;
using Varve.App.Settings.Line;
using Varve.App.Settings.Table;

namespace Varve.App.Commands.Daemon;

/// <summary><c>varve status</c>, <c>run</c>, <c>pause</c> and <c>resume</c>: what the daemon is asked.</summary>
internal static class ControlCommand
{
    internal static Outcome RunStatus(SettingValues values, CommandContext context)
    {
        var place = new DaemonPlace(values, context);
        if (values.Has(DaemonSettings.Follow)) { return Follow(place, context); }
        StatusReport status = place.Read();
        return context.Conclude(status, status.IsWrong ? Outcome.Failed : Outcome.Done);
    }

    internal static Outcome RunNow(SettingValues values, CommandContext context) =>
        Ask(values, context, ControlVerbs.Run, values.ArgumentText(DaemonSettings.Name, "NAME"));

    internal static Outcome RunPause(SettingValues values, CommandContext context) =>
        Ask(values, context, ControlVerbs.Pause, NameIn(values));

    internal static Outcome RunResume(SettingValues values, CommandContext context) =>
        Ask(values, context, ControlVerbs.Resume, NameIn(values));

    private static string? NameIn(SettingValues values) =>
        values.Argument(DaemonSettings.MaybeName) is null ? null : values.ArgumentText(DaemonSettings.MaybeName, "NAME");

    private static Outcome Ask(SettingValues values, CommandContext context, string verb, string? name)
    {
        using ControlClient client = Open(new DaemonPlace(values, context));
        AnswerReport answer = (client.Ask(verb, name) ? client.Answer() : null) ?? throw Gone();
        if (answer.Ok) { return context.Conclude(answer, Outcome.Done); }
        throw new VarveException(ErrorKind.NotFound, Subject.None, answer.Message);
    }

    private static Outcome Follow(DaemonPlace place, CommandContext context)
    {
        CancellationToken cancelled = context.CancelOnSignal("no longer following");
        using ControlClient client = Open(place);
        if (!client.Ask(ControlVerbs.Follow, null)) { throw Gone(); }
        var page = new FollowedPage();
        while (!cancelled.IsCancellationRequested)
        {
            StatusReport status = client.NextStatus() ?? throw Gone();
            if (context.DrawsProgress) { context.Status.Show(FollowedPage.Lines(status)); }
            else if (context.Options.Json || page.HasNews(status))
            {
                context.Results.Write(status);
                context.Results.Flush();
            }
        }

        return Outcome.Done;
    }

    private static ControlClient Open(DaemonPlace place) => ControlClient.TryOpen(place.ControlDirectory)
        ?? throw new VarveException(ErrorKind.NotFound, Subject.None, "no daemon is running", Advice.StartDaemon);

    private static VarveException Gone() =>
        new(ErrorKind.Storage, Subject.None, "the daemon has gone, or does not answer", Advice.StartDaemon);
}
