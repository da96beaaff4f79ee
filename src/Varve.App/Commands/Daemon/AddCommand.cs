using Varve.App.Daemon.Schedules;
using Varve.App.Daemon.Watch;
using Varve.App.Invocation;
using Varve.App.Output.Daemon;
using Varve.App.Settings.Configuration;
using Varve.App.Settings.Daemon;
using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.Model;
using Varve.Platform;

namespace Varve.App.Commands.Daemon;

/// <summary><c>varve add</c>: something is protected from now on.</summary>
internal static class AddCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        string[] paths = values.Arguments(WatchSettings.Paths);
        if (paths.Length == 0) { throw Wrong("no PATH is given"); }
        if (paths.Length > 1 && values.IsGiven(WatchSettings.Name)) { throw Wrong("--name is for one PATH, and several are given"); }
        ScheduleConfig schedule = ScheduleOf(values);
        TargetConfig target = TargetOf(values, context);
        List<WatchedSource> sources = [.. paths.Select(p => SourceOf(p, values, schedule, target))];
        var place = new DaemonPlace(values, context);
        var before = new List<WatchedSource?>();
        using (StateDirectory state = place.OpenState())
        {
            foreach (WatchedSource source in sources) { before.Add(state.Watched.Put(source)); }
        }

        bool runs = place.TellOfChange();
        Outcome outcome = Outcome.Done;
        for (int i = 0; i < sources.Count; i++)
        {
            WatchedSource source = sources[i];
            string done = before[i] is not { } was ? "added"
                : was.Name == source.Name && was.Schedule == source.Schedule && was.Target == source.Target
                    && was.AlertAfter == source.AlertAfter ? "unchanged" : "changed";
            outcome = context.Conclude(new WatchedReport(source.Name, source.Path, done)
            {
                Schedule = source.Schedule.Text, To = source.Target.Archive ?? source.Target.Repository, DaemonRuns = runs,
            }, outcome);
        }

        return outcome;
    }

    private static ScheduleConfig ScheduleOf(SettingValues values)
    {
        if (values.IsGiven(WatchSettings.Every) && values.IsGiven(WatchSettings.Cron)) { throw Wrong("either --every or --cron says when"); }
        bool isContinuous = values.Has(WatchSettings.Continuous);
        if (!isContinuous && (values.IsGiven(WatchSettings.Settle) || values.IsGiven(WatchSettings.AtMost)))
        {
            throw Wrong("--settle and --at-most are for --continuous, which is not given");
        }

        if (isContinuous && values.IsGiven(WatchSettings.Archive)) { throw Wrong("--continuous is of backups, and --archive makes none"); }
        var schedule = new ScheduleConfig
        {
            Continuous = !isContinuous ? null : new ContinuousConfig(values.Get(WatchSettings.Settle, ContinuousConfig.UsualSettle),
                values.Get(WatchSettings.AtMost, ContinuousConfig.UsualAtMost)),
            Cron = values.Find(WatchSettings.Cron), Window = values.FindValue(WatchSettings.Window),
            Every = values.IsGiven(WatchSettings.Cron) ? null
                : values.Get(WatchSettings.Every, Spans.Parse(WatchSettings.Every.Default!, WatchSettings.Every.Name)),
        };
        _ = Schedule.Of(schedule); // makes sense
        return schedule;
    }

    private static TargetConfig TargetOf(SettingValues values, CommandContext context)
    {
        string? archive = values.Find(WatchSettings.Archive), to = values.Find(WatchSettings.To);
        if (archive is not null && to is not null) { throw Wrong("either --to or --archive says where"); }
        if (archive is null && values.IsGiven(WatchSettings.Keep)) { throw Wrong("--keep is of archives; which snapshots are kept is said by 'retention'"); }
        to ??= values.Find(GlobalSettings.Repository);
        return new TargetConfig
        {
            Archive = archive is null ? null : Path.GetFullPath(archive), Keep = values.FindValue(WatchSettings.Keep),
            Repository = archive is not null || to is null ? null
                : context.Options.Configuration?.FindRepository(to)?.Name ?? Locations.Of(to).Address,
        };
    }

    private static WatchedSource SourceOf(string typed, SettingValues values, ScheduleConfig schedule, TargetConfig target)
    {
        byte[] path = Texts.AbsolutePath(RawArguments.FromBytes(Texts.FullBytes(typed, "PATH")), "PATH");
        int errno = Posix.StatAt(Posix.AT_FDCWD, path, out EntryStat _);
        if (errno != 0) { throw new VarveException(ErrorKind.NotFound, Subject.Source(path), Errno.Message(errno), Advice.CheckPath); }
        return new WatchedSource
        {
            Name = WatchList.CheckName(values.Find(WatchSettings.Name) ?? NameOf(path)), Path = path, Schedule = schedule, Target = target,
            AlertAfter = values.FindValue(WatchSettings.AlertAfter),
        };
    }

    private static string NameOf(byte[] path)
    {
        string last = PathText.Of(path.AsSpan(path.AsSpan().LastIndexOf((byte)'/') + 1));
        char[] letters = [.. last.TrimStart('.', '-').Select(static c => c is ':' or '\\' ? '-' : c).Take(100)];
        return letters.Length == 0 ? "root" : new string(letters);
    }

    private static VarveException Wrong(string what) => new(ErrorKind.Usage, Subject.Command("add"), what, Advice.SeeHelp);
}
