using System.Diagnostics;
using System.Text.Json;
using Varve.App.Daemon.Control;
using Varve.App.Output.Daemon;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.Kit.Processes;

/// <summary>A desk with a daemon: the program as a process, with its state on the desk.</summary>
internal sealed class DaemonDesk : IDisposable
{
    private readonly List<Process> _daemons = [];

    internal DaemonDesk()
    {
        Varve.Environment["VARVE_STATE_DIR"] = Desk["state"];
        Varve.Environment["VARVE_KEY_FILE"] = Desk["key"]; // a password takes a second to check, each time
        Varve.Environment["VARVE_REPO"] = Desk["repository"];
        Varve.Environment["VARVE_CACHE_DIR"] = Desk["cache"];
    }

    internal Desk Desk { get; } = new();

    internal VarveProcess Varve => Desk.Varve;

    /// <summary>What the daemon says of a job.</summary>
    internal JsonElement Job(string name) => Status().GetProperty("jobs").EnumerateArray().Single(j => Text(j, "name") == name);

    /// <summary>
    /// What it says of everything; without one, what the program says. It is asked without starting the program: who awaits something asks
    /// very often, and what is awaited would starve.
    /// </summary>
    internal JsonElement Status()
    {
        using (var client = ControlClient.TryOpen(Desk["state"]))
        {
            if (client is not null && client.Ask(ControlVerbs.Status, null) && client.NextStatus() is { } status)
            {
                return JsonSerializer.SerializeToElement(status, DaemonShapes.Default.StatusReport);
            }
        }

        return Varve.Run("status", "--json").Object;
    }

    /// <summary>How many snapshots the repository has; reads names alone.</summary>
    internal int Snapshots()
    {
        string all = Desk["repository/snapshots"];
        return Directory.Exists(all) ? Directory.EnumerateFiles(all, "*", SearchOption.AllDirectories).Count() : 0;
    }

    /// <summary>How a job stands; empty before there is one.</summary>
    internal string State(string name) => Status().GetProperty("jobs").EnumerateArray().Where(j => Text(j, "name") == name)
        .Select(static j => Text(j, "state")).FirstOrDefault() ?? "";

    /// <summary>Starts a daemon, and waits until it can be asked.</summary>
    internal Process Start(Gates? gates = null, params string[] words)
    {
        Process daemon = gates is null ? Varve.Start(["daemon", .. words]) : Varve.StartHeld(gates, ["daemon", .. words]);
        _daemons.Add(daemon);
        daemon.OutputDataReceived += static (_, _) => { };
        daemon.BeginOutputReadLine();
        return daemon;
    }

    /// <summary>The same, and waits until it can be asked.</summary>
    internal Process StartReady()
    {
        Process daemon = Start();
        Poll.Until(() => daemon.HasExited || Status().GetProperty("running").GetBoolean(), "the daemon runs");
        Assert.False(daemon.HasExited, daemon.HasExited ? daemon.StandardError.ReadToEnd() : "");
        return daemon;
    }

    /// <summary>Ends it as nobody can hinder, and leaves what it began.</summary>
    internal static void Kill(Process daemon)
    {
        daemon.Kill();
        daemon.WaitForExit();
    }

    /// <summary>Asks it to stop; what it said.</summary>
    internal static string Stop(Process daemon)
    {
        Signals.Send(daemon, Signals.Terminate);
        string said = daemon.StandardError.ReadToEnd();
        daemon.WaitForExit();
        Assert.True(daemon.ExitCode == 0, said);
        return said;
    }

    internal static string? Text(JsonElement element, string member) =>
        element.TryGetProperty(member, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public void Dispose()
    {
        foreach (Process daemon in _daemons)
        {
            if (!daemon.HasExited)
            {
                Signals.Send(daemon, Signals.Continue);
                daemon.Kill(entireProcessTree: true);
                daemon.WaitForExit();
            }

            daemon.Dispose();
        }

        Desk.Dispose();
    }
}
