using System.Globalization;
using Varve.App.Daemon.Runs;
using Varve.App.Daemon.Watch;
using Varve.App.Output.Daemon;

namespace Varve.App.Daemon;

/// <summary>What came of a round: of all runs from the first that was due until nothing is.</summary>
internal sealed class RoundTally
{
    private int _runs, _archived, _saved, _failed;

    /// <summary>Whether anything of sources was looked at since the last round was closed.</summary>
    internal bool IsOpen => _runs > 0;

    internal void Add(Job job, RunOutcome outcome)
    {
        if (!job.IsSource) { return; }
        _runs++;
        if (outcome.State is not (JobStates.Good or JobStates.Incomplete)) { _failed++; }
        else if (outcome.HasChanged && job.Kind == JobKind.Archive) { _archived++; }
        else if (outcome.HasChanged) { _saved++; }
    }

    /// <summary>The line of the log: "archived 2, backed up 1", or "no changes".</summary>
    internal string Close()
    {
        var parts = new List<string>();
        Say(_archived, "archived");
        Say(_saved, "backed up");
        if (parts.Count == 0 && _failed < _runs) { parts.Add("no changes"); }
        Say(_failed, "failed");
        _runs = _archived = _saved = _failed = 0;
        return string.Join(", ", parts);

        void Say(int count, string what)
        {
            if (count > 0) { parts.Add(string.Create(CultureInfo.InvariantCulture, $"{what} {count}")); }
        }
    }
}
