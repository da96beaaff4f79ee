using Varve.App.Daemon.Units;
using Varve.App.Daemon.Watch;
using Varve.App.Invocation;
using Varve.App.Output.Daemon;
using Varve.App.Settings.Configuration;
using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.Freeze;
using Varve.Platform;

namespace Varve.App.Commands.Daemon;

/// <summary><c>varve daemon install</c>, <c>uninstall</c> and <c>status</c>: the units by which systemd runs the daemon.</summary>
internal static class UnitCommand
{
    private const string OfMachine = "/etc/systemd/system";

    internal static Outcome Run(string action, SettingValues values, CommandContext context)
    {
        if (!DaemonSettings.Action.Words.Contains(action))
        {
            throw Wrong($"'{action}' is none of {string.Join(", ", DaemonSettings.Action.Words)}");
        }
        if (values.Has(DaemonSettings.System) && values.Has(DaemonSettings.User)) { throw Wrong("either --system or --user"); }
        bool isSystem = values.Has(DaemonSettings.System) || (!values.Has(DaemonSettings.User) && Posix.EffectiveUser() == 0);
        var files = new UnitFiles(Folder(isSystem, context), isSystem);
        IReadOnlyList<string> notes = action switch
        {
            "install" => [.. files.Install(Plan(isSystem, values, context)), .. Lingering(isSystem)],
            "uninstall" => files.Uninstall(),
            _ => [],
        };
        string? active = files.IsInstalled ? files.Ask("is-active") : null;
        bool isWell = action == "uninstall" ? !files.IsInstalled : files.IsInstalled && active is "active";
        return context.Conclude(new UnitReport
        {
            Unit = files.Service, Manager = isSystem ? "system" : "user", Installed = files.IsInstalled, Active = active,
            Enabled = files.IsInstalled ? files.Ask("is-enabled") : null, Notes = notes,
        }, isWell ? Outcome.Done : Outcome.Failed);
    }

    private static string Folder(bool isSystem, CommandContext context) => isSystem ? OfMachine
        : GlobalOptions.DefaultIn(context.Environment, "XDG_CONFIG_HOME", ".config", null) is { } own
        ? Path.Combine(Path.GetDirectoryName(own)!, "systemd/user") : throw GlobalOptions.NoHome("the unit", Advice.NameState);

    private static UnitPlan Plan(bool isSystem, SettingValues values, CommandContext context)
    {
        if (context.Options.ConfigurationError is { } error) { throw error; }
        var place = new DaemonPlace(values, context);
        var words = new List<string>();
        var credentials = new List<(string, string)>();
        foreach (Setting setting in (Setting[])[.. GlobalSettings.All, DaemonSettings.Priority, DaemonSettings.OnBattery])
        {
            if (setting.IsFlag || Typed(setting, values, context) is not { } text) { continue; }
            // Files are named absolutely: the unit runs elsewhere. Those of secrets systemd hands over.
            if (setting == GlobalSettings.PasswordFile) { credentials.Add((CredentialNames.Password, Path.GetFullPath(text))); }
            else if (setting == GlobalSettings.KeyFile) { credentials.Add((CredentialNames.Key, Path.GetFullPath(text))); }
            else { words.Add($"{setting.Name}={(IsPlace(setting, text) ? Path.GetFullPath(text) : text)}"); }
        }

        if (place.IsNamed) { words.Add($"{DaemonSettings.StateDirectory.Name}={place.StatePath}"); }
        string socket = place.IsNamed
            ? Path.Combine(place.StatePath, "control").Replace("%", "%%", StringComparison.Ordinal) : isSystem ? "/run/varve/control" : "%t/varve/control";
        return new UnitPlan
        {
            IsSystem = isSystem, Program = Environment.ProcessPath!, Words = words, Credentials = credentials,
            StateDirectory = place.IsNamed ? place.StatePath : null, Socket = socket, Freezes = Freezes(context.Options.Configuration),
            RunsCommands = RunsCommands(context.Options.Configuration),
            Watches = Watches(place, context.Options.Configuration),
        };
    }

    // What the environment says holds here, and would not there.
    private static string? Typed(Setting setting, SettingValues values, CommandContext context) =>
        values.Text(setting) ?? (setting.Variable is { } variable && context.Environment(variable) is { Length: > 0 } text ? text : null);

    private static bool IsPlace(Setting setting, string text) =>
        setting == GlobalSettings.Config || setting == GlobalSettings.CacheDirectory
        || (setting == GlobalSettings.Repository && text.Contains('/', StringComparison.Ordinal));

    private static bool Freezes(ConfigFile? config) => config is not null
        && ((SourceRules[])[config.Rules, .. config.Sources.Select(static s => s.Rules), .. config.Profiles.Select(static p => p.Rules)])
        .Any(static r => r.FileSystemSnapshot is not (null or FreezeMethod.None));

    // What sendmail is, may be run with other rights than its caller's.
    private static bool RunsCommands(ConfigFile? config) => config is not null
        && (!config.Hooks.IsEmpty || config.Sources.Any(static s => !s.Hooks.IsEmpty)
        || config.Notify.Any(static n => n.Kind != ConfigKeys.Webhook));

    private static bool Watches(DaemonPlace place, ConfigFile? config)
    {
        if (config?.Sources.Any(static s => s.Schedule.Continuous is not null) == true) { return true; }
        using StateDirectory state = place.OpenState();
        return state.Watched.Read().Sources.Any(static s => s.Schedule.Continuous is not null);
    }

    private static string[] Lingering(bool isSystem) => isSystem ? []
        : ["it runs while you are logged in; always: loginctl enable-linger"];

    private static VarveException Wrong(string what) => new(ErrorKind.Usage, Subject.Command("daemon"), what, Advice.SeeHelp);
}
