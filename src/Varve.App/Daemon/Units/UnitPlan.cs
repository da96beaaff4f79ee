namespace Varve.App.Daemon.Units;

/// <summary>What a unit is to say.</summary>
internal sealed record UnitPlan
{
    /// <summary>For the machine's manager, and not for a user's.</summary>
    internal required bool IsSystem { get; init; }

    /// <summary>The program's path.</summary>
    internal required string Program { get; init; }

    /// <summary>What follows <c>varve daemon</c>.</summary>
    internal IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Credentials that systemd is to hand over: name and file.</summary>
    internal IReadOnlyList<(string Name, string File)> Credentials { get; init; } = [];

    /// <summary>A state directory other than the usual one; null: the usual one.</summary>
    internal string? StateDirectory { get; init; }

    /// <summary>The socket's path, as units have it.</summary>
    internal required string Socket { get; init; }

    /// <summary>File systems are frozen for backups, which needs rights that are taken away otherwise.</summary>
    internal bool Freezes { get; init; }

    /// <summary>Commands of the configuration are run, hooks or notices, which need rights that are taken away otherwise.</summary>
    internal bool RunsCommands { get; init; }

    /// <summary>Sources are watched, which needs rights that are taken away otherwise.</summary>
    internal bool Watches { get; init; }
}
