using System.Text;

namespace Varve.App.Daemon.Units;

/// <summary>The units by which systemd runs the daemon, as text.</summary>
internal static class UnitText
{
    internal const string Service = "varve.service", Socket = "varve.socket";

    /// <summary>The socket that the daemon is asked through: whoever asks while it is not running has it started.</summary>
    internal static string OfSocket(UnitPlan plan) =>
        $"""
        [Unit]
        Description=Control of Varve's daemon

        [Socket]
        ListenStream={plan.Socket}
        SocketMode=0600
        DirectoryMode=0700
        RemoveOnStop=yes

        [Install]
        WantedBy=sockets.target

        """;

    /// <summary>The daemon.</summary>
    internal static string OfService(UnitPlan plan)
    {
        var text = new StringBuilder();
        Lines(text, "[Unit]", "Description=Varve protects what 'varve list' shows", "Documentation=man:varve-daemon(1)",
            $"Requires={Socket}", $"After={Socket}");
        if (plan.IsSystem) { Lines(text, "After=local-fs.target remote-fs.target time-sync.target"); }
        Lines(text, "", "[Service]", "Type=notify", "NotifyAccess=main",
            $"ExecStart={string.Join(' ', [Quoted(plan.Program), "daemon", .. plan.Words.Select(Quoted)])}",
            "ExecReload=/bin/kill -HUP $MAINPID", "Restart=on-failure", "RestartSec=5", "WatchdogSec=5min",
            "# The daemon has what it runs make a checkpoint, for 60 s at most.", "TimeoutStopSec=90", "KillMode=mixed", "OOMPolicy=continue");
        if (plan.IsSystem) { Lines(text, "Environment=HOME=%h"); }
        if (plan is { IsSystem: true, StateDirectory: null }) { Lines(text, "StateDirectory=varve", "StateDirectoryMode=0700"); }
        foreach ((string name, string file) in plan.Credentials) { Lines(text, $"LoadCredential={name}:{Escaped(file)}"); }
        Lines(text, "", "# What others leave.", "Nice=10", "IOSchedulingClass=idle", "CPUWeight=20", "IOWeight=20");
        Lines(text, "", "# It reads everything, and writes where repositories and archives are; it needs nothing else.");
        Lines(text, "LockPersonality=yes", "RestrictRealtime=yes", "SystemCallArchitectures=native", "UMask=0077");
        if (!plan.RunsCommands)
        {
            Lines(text, "NoNewPrivileges=yes", "RestrictSUIDSGID=yes", "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6");
        }

        if (!(plan.Freezes || plan.RunsCommands))
        {
            Lines(text, "RestrictNamespaces=yes", "SystemCallFilter=@system-service", "SystemCallErrorNumber=EPERM");
        }

        if (plan.IsSystem) { OfMachine(text, plan); }
        Lines(text, "", "[Install]", $"WantedBy={(plan.IsSystem ? "multi-user.target" : "default.target")}", $"Also={Socket}");
        return text.ToString();
    }

    // A user's manager may not be able to do these.
    private static void OfMachine(StringBuilder text, UnitPlan plan)
    {
        Lines(text, "ProtectSystem=full", "ProtectKernelTunables=yes", "ProtectKernelLogs=yes", "ProtectControlGroups=yes",
            "ProtectHostname=yes", "KeyringMode=private");
        if (plan.RunsCommands)
        {
            Lines(text, "# Commands of the configuration are run ('hooks', 'notify'): what they need is not known, so it is not taken away.");
            return;
        }

        if (plan.Freezes)
        {
            Lines(text, "# File systems are frozen ('fs-snapshot'): that takes mounts, devices and modules, so these are not taken away.");
            return;
        }

        Lines(text, "ProtectKernelModules=yes", "ProtectClock=yes", "PrivateDevices=yes", "DevicePolicy=closed",
            "CapabilityBoundingSet=CAP_DAC_READ_SEARCH CAP_DAC_OVERRIDE CAP_CHOWN CAP_FOWNER CAP_LEASE");
        if (!plan.Watches) { return; }
        Lines(text, "# What changes in file systems is watched ('--continuous'): fanotify, and what processes have mapped.",
            "CapabilityBoundingSet=CAP_SYS_ADMIN CAP_SYS_PTRACE", "SystemCallFilter=fanotify_init fanotify_mark open_by_handle_at");
    }

    /// <summary>A word of a command line in a unit (systemd.service(5)).</summary>
    internal static string Quoted(string word)
    {
        string escaped = Escaped(word).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("$", "$$", StringComparison.Ordinal);
        bool isPlain = escaped.Length > 0
            && escaped.All(static c => char.IsAsciiLetterOrDigit(c) || "/-_.=:,+@%$".Contains(c, StringComparison.Ordinal));
        return isPlain ? escaped : $"\"{escaped}\"";
    }

    private static string Escaped(string text) => text.Replace("%", "%%", StringComparison.Ordinal);

    private static void Lines(StringBuilder text, params ReadOnlySpan<string> lines)
    {
        foreach (string line in lines) { text.Append(line).Append('\n'); }
    }
}
