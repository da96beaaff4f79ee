namespace Varve.Service;

/// <summary>What a drill found.</summary>
internal sealed class DrillResult
{
    /// <summary>The most faults that are kept.</summary>
    internal const int MostFaults = 1000;

    private readonly List<DrillFault> _faults = [];

    /// <summary>From which snapshots.</summary>
    internal required IReadOnlyList<SnapshotInfo> Snapshots { get; init; }

    /// <summary>Files in these, all of them.</summary>
    internal long FilesInAll { get; set; }

    /// <summary>Files that were restored, and their bytes.</summary>
    internal long Files { get; set; }
    internal long Bytes { get; set; }

    /// <summary>Those of them that are the same on this machine now.</summary>
    internal long Same { get; set; }

    /// <summary>Those that changed since, or are no more: no faults.</summary>
    internal long Changed { get; set; }
    internal long Gone { get; set; }

    /// <summary>Those that could not be compared: of another host, of roots that were put together, torn, or not to be read.</summary>
    internal long NotCompared { get; set; }

    /// <summary>The first faults.</summary>
    internal IReadOnlyList<DrillFault> Faults => _faults;

    /// <summary>All of them.</summary>
    internal long FaultCount { get; private set; }

    /// <summary>What decided which files.</summary>
    internal required int Seed { get; init; }

    /// <summary>Wall time.</summary>
    internal TimeSpan Elapsed { get; set; }

    /// <summary>Adds a fault.</summary>
    internal void Add(DrillFault fault)
    {
        FaultCount++;
        if (_faults.Count < MostFaults) { _faults.Add(fault); }
    }
}
