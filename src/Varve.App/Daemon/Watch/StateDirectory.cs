using Varve.Platform.Files;

namespace Varve.App.Daemon.Watch;

/// <summary>
/// The daemon's directory on this machine: <c>sources</c>, the list; <c>jobs</c>, what became of each; <c>runs</c>, what runs print;
/// <c>notices</c>, what people are to be told; <c>changes</c>, what it tells runs of changes; and the lock of the one daemon.
/// </summary>
internal sealed class StateDirectory : IDisposable
{
    private readonly PrivateDirectory _sources, _jobs;

    private StateDirectory(PrivateDirectory root)
    {
        Root = root;
        _sources = root.OpenChild("sources", Advice.NameState);
        _jobs = root.OpenChild("jobs", Advice.NameState);
        Runs = root.OpenChild("runs", Advice.NameState);
        Notices = root.OpenChild("notices", Advice.NameState);
        Changes = root.OpenChild("changes", Advice.NameState);
        Watched = new WatchList(_sources);
        Jobs = new RecordFiles<JobData>(_jobs, RecordShapes.Default.JobData);
        Daemon = new RecordFiles<DaemonData>(root, RecordShapes.Default.DaemonData);
    }

    /// <summary>Where it is.</summary>
    internal string Path => Root.Path;

    /// <summary>The directory itself.</summary>
    internal PrivateDirectory Root { get; }

    /// <summary>What runs print.</summary>
    internal PrivateDirectory Runs { get; }

    /// <summary>What people are to be told and were not yet.</summary>
    internal PrivateDirectory Notices { get; }

    /// <summary>What runs are told of changes, and tell the next one.</summary>
    internal PrivateDirectory Changes { get; }

    /// <summary>The list.</summary>
    internal WatchList Watched { get; }

    /// <summary>What became of each.</summary>
    internal RecordFiles<JobData> Jobs { get; }

    /// <summary>What the daemon remembers of itself.</summary>
    internal RecordFiles<DaemonData> Daemon { get; }

    /// <summary>Opens it, and makes it if it is missing.</summary>
    /// <exception cref="VarveException">Storage: it cannot be made, or is not for this user alone.</exception>
    internal static StateDirectory Open(string path) => new(PrivateDirectory.Open(path, Subject.Path(path), Advice.NameState));

    /// <summary>What became of a job; a new record if nothing is known, with what is wrong with the one that is there.</summary>
    internal (JobData Data, VarveException? Wrong) ReadJob(string name)
    {
        try
        {
            if (Jobs.Read(RecordFiles<JobData>.FileOf(name)) is { } data && data.Name == name) { return (data, null); }
            return (new JobData { Name = name }, null);
        }
        catch (VarveException e) { return (new JobData { Name = name }, e); }
    }

    /// <summary>Makes durable what became of a job.</summary>
    /// <exception cref="VarveException">Storage.</exception>
    internal void Write(JobData job) => Jobs.Write(RecordFiles<JobData>.FileOf(job.Name), job);

    /// <inheritdoc/>
    public void Dispose()
    {
        _sources.Dispose();
        _jobs.Dispose();
        Runs.Dispose();
        Notices.Dispose();
        Changes.Dispose();
        Root.Dispose();
    }
}
