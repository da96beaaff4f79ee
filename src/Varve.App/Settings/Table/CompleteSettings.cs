using Varve.App.Settings.Values;

namespace Varve.App.Settings.Table;

/// <summary>
/// <c>varve complete</c>: what the completion scripts call. It is for them, not for people, and stands in no help; docs/architecture.md
/// says what it prints.
/// </summary>
internal static class CompleteSettings
{
    internal const string Snapshots = "snapshots", SnapshotPaths = "snapshot-paths", Paths = "paths", Sources = "sources";

    internal static readonly Positional Kind = new()
    {
        Name = "KIND", Help = "What is offered", Words = [Snapshots, SnapshotPaths, Paths, Sources],
    };

    internal static readonly Positional Line = new()
    {
        Name = "WORD", Help = "After '--': the words after the program's name, the last as far as it is typed", Presence = Presence.Any,
    };

    internal static readonly CommandSpec Command = new()
    {
        Path = "complete",
        Help = "Print what may stand in place of the last WORD, from the catalog alone.",
        Examples = ["varve complete snapshot-paths -- restore latest:Doc"],
        Arguments = [Kind, Line],
        NoJson = "complete prints words for shells and takes no --json",
        UsesRepository = false,
    };

    /// <summary>What a script asks for; null if the shell knows itself.</summary>
    internal static string? KindOf(Completes completes) => completes switch
    {
        Completes.Snapshots => Snapshots,
        Completes.SnapshotPaths => SnapshotPaths,
        Completes.Paths => Paths,
        Completes.Sources => Sources,
        _ => null,
    };
}
