using Varve.Lookup;
using Varve.Model;
using Varve.Model.Packs;

namespace Varve.Maintain.Plan;

/// <summary>A pack that runs name, and what of it is needed.</summary>
/// <param name="listed">As the run lists it that is gone by.</param>
/// <param name="table">In which table that is.</param>
internal sealed class PackEntry(RunPack listed, int table)
{
    internal ObjectName Name => listed.Name;

    internal long Size => listed.Size;

    internal PackKind Kind => listed.Kind;

    internal RunPack Listed => listed;

    internal int Table => table;

    /// <summary>The runs that name it.</summary>
    internal List<RunOrigin> Runs { get; } = [];

    /// <summary>Whether it is in the store, as long as it should be.</summary>
    internal bool IsThere { get; init; }

    /// <summary>Whether a full key signed for it, or it was read and is what the run says: others' copies may go in its favour.</summary>
    internal bool IsTrusted { get; set; }

    /// <summary>Whether a chunk of it was found to be false, or it cannot be read: it stays as it is, and is kept from last.</summary>
    internal bool IsBad { get; set; }

    /// <summary>Whether another prune's list condemns it.</summary>
    internal bool IsCondemned { get; set; }

    /// <summary>Whether it stays whatever is needed of it: the run that stored it may carry on.</summary>
    internal bool IsSpared { get; set; }

    /// <summary>Chunks that are kept here, or would be, and their raw bytes.</summary>
    internal long Kept { get; set; }

    internal long KeptRaw { get; set; }

    /// <summary>Bytes of its blocks, and how many of them what is kept makes up.</summary>
    internal long BlockBytes { get; set; }

    internal long UsedBytes { get; set; }

    internal long UnusedBytes => BlockBytes - UsedBytes;
}
