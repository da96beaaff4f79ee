using Varve.App.Daemon.Watch;
using Varve.App.Invocation;
using Varve.App.Output;
using Varve.App.Output.Daemon;
using Varve.App.Settings.Line;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;

namespace Varve.App.Commands.Daemon;

/// <summary><c>varve list</c> and <c>varve remove</c>: what is protected.</summary>
internal static class WatchedCommand
{
    internal static Outcome RunList(SettingValues values, CommandContext context)
    {
        var place = new DaemonPlace(values, context);
        StatusReport status = place.Read();
        Outcome outcome = Outcome.Done;
        foreach (string problem in status.Problems)
        {
            context.Say("warning: " + problem);
            outcome = Outcome.Incomplete;
        }

        List<JobReport> sources = [.. status.Jobs.Where(static j => j.Kind is "backup" or "archive")];
        foreach (JobReport source in sources) { context.Results.Write(source); }
        if (sources.Count == 0) { context.Results.Empty("nothing is on the list; put something on it: varve add PATH"); }
        return outcome;
    }

    internal static Outcome RunRemove(SettingValues values, CommandContext context)
    {
        string named = values.Argument(WatchSettings.Which)!;
        var place = new DaemonPlace(values, context);
        WatchedSource found;
        using (StateDirectory state = place.OpenState())
        {
            byte[] path = Texts.AbsolutePath(RawArguments.FromBytes(Texts.FullBytes(named, "NAME")), "NAME");
            found = state.Watched.Remove(named, path)
                ?? throw new VarveException(ErrorKind.NotFound, Subject.Request($"'{NameText.Printable(named)}'"),
                "is neither a name on the list nor a path on it", Advice.ListWatched);
            if (!place.TellOfChange()) { state.Jobs.Remove(RecordFiles<JobData>.FileOf(found.Name)); }
        }

        return context.Conclude(new WatchedReport(found.Name, found.Path, "removed"), Outcome.Done);
    }
}
