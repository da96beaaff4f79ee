using Varve.App.Output.Json;
using Varve.History.Entries;
using Varve.History;

namespace Varve.App.Output.Parts;

/// <summary>The last backup of a source, in a list of such.</summary>
internal readonly struct RunReport
{
    private readonly KnownRun _run;

    internal RunReport(KnownRun run) => _run = run;

    public string Source => _run.Source.Name;
    public string Host => _run.Source.Host;
    public TimeText Start => new(_run.Run.Start);
    public TimeText End => new(_run.Run.End);
    public string Snapshot => _run.Run.Object.ToString();
    public bool Skipped => _run.Run.IsSkipped;
    public long Failed => _run.Run.Counts.Failed;
}
