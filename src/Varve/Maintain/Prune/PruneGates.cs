using Varve.Platform;

namespace Varve.Maintain.Prune;

/// <summary>The points of <see cref="Gate"/> at which tests hold a prune: between its steps.</summary>
internal static class PruneGates
{
    /// <summary>A prune has its session, and has listed nothing.</summary>
    internal const string Begun = "prune-begun";

    /// <summary>What a prune copied is durable; nothing is condemned yet.</summary>
    internal const string Copied = "prune-copied";

    /// <summary>A list of condemned packs is durable; no session was listed.</summary>
    internal const string Condemned = "prune-condemned";

    /// <summary>A prune has listed the sessions that it waits for.</summary>
    internal const string Listed = "prune-listed";

    /// <summary>Sessions that a prune waited for are over, or decided.</summary>
    internal const string Decided = "prune-decided";

    /// <summary>The final mark is durable; snapshots were not read again.</summary>
    internal const string Final = "prune-final";

    /// <summary>Nothing that is needed is condemned; the prune has not looked whether it was fenced.</summary>
    internal const string Checked = "prune-checked";

    /// <summary>A prune is past its last look, and has deleted nothing.</summary>
    internal const string Looked = "prune-looked";

    /// <summary>What takes the place of index runs is durable.</summary>
    internal const string Superseded = "prune-superseded";

    /// <summary>The condemned packs are gone.</summary>
    internal const string DeletedPacks = "prune-deleted-packs";

    /// <summary>The index runs that named them are gone; the list is there.</summary>
    internal const string DeletedRuns = "prune-deleted-runs";
}
