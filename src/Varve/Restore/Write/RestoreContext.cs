using Varve.Model;
using Varve.Model.Changes;
using Varve.Platform;
using Varve.Restore.Entries;
using Varve.Restore.Place;
using Varve.Restore.Resume;
using Varve.Restore.Target;
using Varve.Vault.Chunks;

namespace Varve.Restore.Write;

/// <summary>What the planner and the workers of one restore share. Fixed after construction; thread-safe.</summary>
internal sealed class RestoreContext
{
    internal required IChunkSource Chunks { get; init; }
    internal required RestoreMonitor Monitor { get; init; }
    internal required FileWriter Files { get; init; }

    /// <summary>What earlier runs left in the target; null if this is the first.</summary>
    internal EarlierRuns? Earlier { get; init; }

    /// <summary>Looks at what stands in the target; null if what stands there stays. The planner's.</summary>
    internal PlaceInspector? Inspector { get; init; }

    /// <summary>Entries with several names.</summary>
    internal LinkedFiles Links { get; } = new();

    /// <summary>Looks at the place of an entry, if an earlier run may have been there.</summary>
    internal EarlierRuns.Found Look(TargetDirectory directory, ReadOnlySpan<byte> name, in EntryStat stat, out TargetFileId id)
    {
        id = default;
        return Earlier?.Look(directory, name, in stat, out id) ?? EarlierRuns.Found.Nothing;
    }

    /// <summary>Counts what need not be written, or reports what stands in its place.</summary>
    internal void Found(EarlierRuns.Found found, TargetDirectory directory, ReadOnlySpan<byte> name, in EntryStat stat)
    {
        if (found == EarlierRuns.Found.Whole)
        {
            Monitor.AddKept();
            Monitor.Tell(EntryChange.Kept, directory, name, stat.Kind);
            Count(stat.Kind);
            return;
        }

        var outcome = new RestoreOutcome(FailedOperation.Write, Errno.EEXIST, Created: false);
        Fail(directory, name, in outcome);
    }

    /// <summary>Tells of an entry that was written, in the place of another or where nothing was.</summary>
    internal void Written(TargetDirectory directory, ReadOnlySpan<byte> name, EntryKind kind, bool replaced)
    {
        if (replaced) { Monitor.AddReplaced(); }
        Monitor.Tell(replaced ? EntryChange.Changed : EntryChange.New, directory, name, kind);
    }

    /// <summary>Counts an entry that is there now.</summary>
    internal void Count(EntryKind kind)
    {
        if (kind == EntryKind.File) { Monitor.AddFile(); }
        else { Monitor.AddOther(); }
    }

    /// <summary>Sends a failure of an entry to the result.</summary>
    internal void Fail(TargetDirectory? directory, ReadOnlySpan<byte> name, in RestoreOutcome outcome) =>
        Monitor.Fail(outcome.ToFailure(directory?.RelativePath(name) ?? name.ToArray()));
}
