using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Varve.App.Daemon;
using Varve.App.Daemon.Control;
using Varve.App.Daemon.Notices;
using Varve.App.Daemon.Runs;
using Varve.App.Daemon.Schedules;
using Varve.App.Daemon.Watch;
using Varve.App.Host;
using Varve.App.Invocation;
using Varve.App.Settings.Daemon;
using Varve.App.Settings.Line;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.Platform;
using Varve.Platform.Files;
using Varve.Platform.Processes;

namespace Varve.App.Commands.Daemon;

/// <summary><c>varve daemon</c>: is the daemon, until it is stopped.</summary>
internal static class DaemonCommand
{
    private static readonly TimeSpan s_stopWithin = TimeSpan.FromSeconds(60), s_patience = TimeSpan.FromSeconds(5),
        s_look = TimeSpan.FromMinutes(1);
    private static readonly byte[] s_lock = "daemon.lock"u8.ToArray();

    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        if (values.Argument(DaemonSettings.Action) is { } action) { return UnitCommand.Run(action, values, context); }
        if (values.Has(DaemonSettings.System) || values.Has(DaemonSettings.User))
        {
            throw new VarveException(ErrorKind.Usage, Subject.Command("daemon"), "--system and --user say for whom a unit is installed",
                Advice.SeeHelp);
        }

        if (context.Options.ConfigurationError is { } error) { throw error; }
        var place = new DaemonPlace(values, context);
        using StateDirectory state = place.OpenState();
        using FileLock only = TakeLock(state);
        using PrivateDirectory control =
            PrivateDirectory.Open(place.ControlDirectory, Subject.Path(place.ControlDirectory), Advice.NameState);
        Func<string, string?> environment = context.Environment;
        Socket? handedOver = ControlSocket.HandedOver(environment);
        using var inbox = new Inbox();
        var board = new StatusBoard();
        using var server = new ControlServer(handedOver ?? ControlSocket.Listen(control), handedOver is null, inbox, board, s_patience);
        using var signals = new DaemonSignals(() => inbox.Post(new DaemonRequest(ControlVerbs.Stop)),
            () => inbox.Post(new DaemonRequest(ControlVerbs.Reload)));
        using var service = new ServiceNotifier(environment, context.Time);
        RunPriority priority = values.FindValue(DaemonSettings.Priority) ?? context.Options.Configuration?.Daemon.Priority
            ?? RunPriority.Low;
        if (priority == RunPriority.Low) { LowPriority.Begin(); } // this thread begins the runs
        var log = new DaemonLog(context.Status, JournalStream.IsError(environment), context.Time);
        string host = context.Options.Host ?? HostEnvironment.OfProcess().Name;
        using var notices = new Postman(state.Notices, log, host, environment, context.Time,
            new Errands(context.Time, Random.Shared.NextDouble, "notices"), new Errands(context.Time, Random.Shared.NextDouble, "pings"));
        var wait = new IdleWait(context.Time, inbox.Wait, service.Pet, service.PetEvery is { } pet && pet < s_look ? pet : s_look);
        new DaemonLoop(new DaemonParts
        {
            State = state, Runs = new ChildRuns(state, environment), ReadPlan = () => place.ReadPlan(state), Time = context.Time,
            Inbox = inbox, Wait = wait.Run, Board = board, Service = service,
            Log = log, Notices = notices,
            IsOnBattery = static () => PowerSupply.IsBattery(), Chance = Random.Shared.NextDouble, StopWithin = s_stopWithin,
            Program = typeof(DaemonCommand).Assembly.GetName().Version?.ToString(3) ?? "",
        }).Run();
        return Outcome.Done;
    }

    private static FileLock TakeLock(StateDirectory state)
    {
        int errno = FileLock.TryTake(state.Root.Fd, s_lock, out FileLock? taken);
        if (taken is null)
        {
            string holder = errno == Errno.EAGAIN ? $"is used by a daemon that is running: process {Holder(state)}" : Errno.Message(errno);
            throw new VarveException(errno == Errno.EAGAIN ? ErrorKind.Busy : ErrorKind.Storage, Subject.Path(state.Path), holder,
                errno == Errno.EAGAIN ? Advice.AskDaemon : Advice.CheckDirectory);
        }

        taken.Note(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n"));
        return taken;
    }

    private static string Holder(StateDirectory state)
    {
        // Not by .NET's files, which want a lock of their own.
        var text = new byte[32];
        int length = 0;
        if (Posix.OpenAt(state.Root.Fd, s_lock, Posix.O_RDONLY | Posix.O_NOFOLLOW, out SafeFd file) == 0)
        {
            _ = Posix.Read(file.Value, text, out length);
            file.Close();
        }

        return Encoding.ASCII.GetString(text, 0, length).Trim() is { Length: > 0 } process ? process : "unknown";
    }
}
