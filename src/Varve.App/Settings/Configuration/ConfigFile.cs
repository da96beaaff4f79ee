using Varve.Maintain.Retention;

namespace Varve.App.Settings.Configuration;

/// <summary>The configuration, checked. docs/config.example.yaml says what it looks like.</summary>
internal sealed record ConfigFile
{
    /// <summary>Where it was read from.</summary>
    internal required string Location { get; init; }

    /// <summary>What this host is called; null: as the system says.</summary>
    internal string? Host { get; init; }

    /// <summary>The repository that is meant when nobody names one: a name of <see cref="Repositories"/> or a place; or null.</summary>
    internal string? Repository { get; init; }

    /// <summary>In the order of the file; names are distinct.</summary>
    internal IReadOnlyList<RepositoryConfig> Repositories { get; init; } = [];

    /// <summary>In the order of the file; names are distinct.</summary>
    internal IReadOnlyList<ProfileConfig> Profiles { get; init; } = [];

    /// <summary>For all sources that say nothing else.</summary>
    internal SourceRules Rules { get; init; } = SourceRules.None;

    /// <summary>Which snapshots are kept of sources that say nothing else; null: that is not said.</summary>
    internal RetentionPolicy? Retention { get; init; }

    /// <summary>What is run around each backup and archive, whatever it is of.</summary>
    internal HookConfig Hooks { get; init; } = HookConfig.None;

    /// <summary>When sources are backed up that say nothing else.</summary>
    internal ScheduleConfig Schedule { get; init; } = new();

    /// <summary>Who is told when something goes wrong.</summary>
    internal IReadOnlyList<NotifyTarget> Notify { get; init; } = [];

    /// <summary>How old the last good backup of a source may become that says nothing else; null: that is not said.</summary>
    internal TimeSpan? AlertAfter { get; init; }

    /// <summary>What is said of the daemon.</summary>
    internal DaemonConfig Daemon { get; init; } = DaemonConfig.None;

    /// <summary>What is served over the network, to whom; or null.</summary>
    internal ServerConfig? Server { get; init; }

    /// <summary>In the order of the file, without those something is wrong with; names and canonical roots are distinct.</summary>
    internal required IReadOnlyList<SourceConfig> Sources { get; init; }

    /// <summary>Of sources that something is wrong with, each with the name it has, if it has one; the others can be backed up.</summary>
    internal IReadOnlyList<(string? Name, VarveException Error)> Wrong { get; init; } = [];

    /// <summary>The repository of that name, or null.</summary>
    internal RepositoryConfig? FindRepository(string name) => Repositories.FirstOrDefault(r => r.Name == name);
}
