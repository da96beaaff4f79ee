using Varve.Model;
using Varve.Restore.Target;
using Varve.Vault.Chunks;

namespace Varve.Restore.Write;

/// <summary>What the planner and the workers of one restore share. Fixed after construction; thread-safe.</summary>
internal sealed class RestoreContext
{
    internal required IChunkSource Chunks { get; init; }
    internal required RestoreMonitor Monitor { get; init; }
    internal required FileWriter Files { get; init; }

    /// <summary>Sends a failure of an entry to the result.</summary>
    internal void Fail(TargetDirectory? directory, ReadOnlySpan<byte> name, in RestoreOutcome outcome) =>
        Monitor.Fail(outcome.ToFailure(directory?.RelativePath(name) ?? name.ToArray()));
}
