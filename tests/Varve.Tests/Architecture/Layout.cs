using Varve.Format;

namespace Varve.Tests.Architecture;

/// <summary>
/// The layout the rules hold: which folders of src/Varve there are, and every exception to a rule with its reason. A new
/// folder or exception is a decision, made here.
/// </summary>
internal static class Layout
{
    /// <summary>The library's folder, relative to the repository's root.</summary>
    public const string Library = "src/Varve/";

    /// <summary>The longest file there may be, in lines.</summary>
    public const int MostLines = 600;

    /// <summary>The most columns a line may have; <c>.editorconfig</c> says the same.</summary>
    public const int MostColumns = 140;

    /// <summary>The vocabulary: imports nothing of Varve.</summary>
    public const string Model = "Model";

    /// <summary>Limits, layouts and the field codec of docs/format.md: imports Model only.</summary>
    public const string Format = "Format";

    /// <summary>System calls and native libraries: imports Model only.</summary>
    public const string Platform = "Platform";

    /// <summary>Queues and pools: imports Model only.</summary>
    public const string Threads = "Threads";

    /// <summary>One stage or part each: import Model, Format, Platform and Threads, never each other.</summary>
    public static readonly IReadOnlySet<string> Stages = new HashSet<string>
    {
        "Walk", "Detect", "Chunk", "Seal", "Pack", "Lookup", "Tree", "Store", "Keys", "Catalog", "Delta", "Freeze",
    };

    /// <summary>The only folders that wire stages together; each imports of them only those before it.</summary>
    public static readonly IReadOnlyList<string> Wiring = ["Vault", "History", "Archives", "Backup", "Restore", "Maintain"];

    /// <summary>Those of them that nobody in the library imports: whole flows, which have nothing to do with each other.</summary>
    public static readonly IReadOnlySet<string> Flows = new HashSet<string> { "Backup", "Restore", "Maintain" };

    /// <summary>What programs do with a repository, in one place: uses all of the library, and nothing in it uses this.</summary>
    public const string Service = "Service";

    /// <summary>
    /// Trees outside repositories: uses all but the service, and of whole flows what reads a source and what writes a target.
    /// </summary>
    public const string Archives = "Archives";

    /// <summary>The rooms of a folder in their order: each uses only those before it, and the folder itself uses them all.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> Rooms = new Dictionary<string, IReadOnlyList<string>>
    {
        ["Backup"] = ["Dirty", "Results", "Stages", "Rules", "Listed", "Streams", "Clocks", "Run", "Packing", "Commit", "Sources", "Passes", "Trees", "Content", "Order", "Deltas", "Unstable", "Read", "Visit", "Layers", "Mapped", "Settle", "Dry", "Live", "Options", "Watched"],
        ["Vault"] = ["Place", "Open", "Objects", "Avoid", "Runs", "Chunks", "Snapshots"],
        ["History"] = ["Entries", "Import", "Sources", "Content", "Differences", "Revisions"],
        ["Restore"] = ["Target", "Resume", "Place", "Entries", "Write", "Plan"],
        ["Maintain"] = ["Ledger", "Findings", "Sessions", "Check", "Stats", "Retention", "Forget", "Mark", "Plan", "Repack", "Prune"],
        ["Archives"] = ["Digest", "Codec", "Sources", "Feed", "Output", "Zip", "Tar", "Write", "Extract", "Lists", "Foreign", "Plan", "Apply"],
        ["Catalog"] = ["Sql", "Rows", "Tables", "Write", "Hints"],
        ["Tree"] = ["Lists", "Details"],
    };

    /// <summary>
    /// Files that take the whole repository, because programs hand it to them or because they wire a flow: path and reason.
    /// </summary>
    public static readonly IReadOnlyDictionary<string, string> WholeRepository = new Dictionary<string, string>
    {
        ["src/Varve/Vault/Repository.cs"] = "it is the repository",
        ["src/Varve/History/CatalogAccess.cs"] = "wires the catalog of a repository",
        ["src/Varve/History/CatalogMaintenance.cs"] = "programs call it",
        ["src/Varve/History/ContentSearch.cs"] = "programs call it",
        ["src/Varve/History/Dumper.cs"] = "programs call it",
        ["src/Varve/History/EntryHistories.cs"] = "programs call it",
        ["src/Varve/History/Finder.cs"] = "programs call it",
        ["src/Varve/History/LiveComparison.cs"] = "programs call it",
        ["src/Varve/History/Lister.cs"] = "programs call it",
        ["src/Varve/History/PathStories.cs"] = "programs call it",
        ["src/Varve/History/RunLog.cs"] = "programs call it",
        ["src/Varve/History/SnapshotChoice.cs"] = "programs call it",
        ["src/Varve/History/SnapshotComparison.cs"] = "programs call it",
        ["src/Varve/History/SourceNotes.cs"] = "programs call it",
        ["src/Varve/History/UnstableFiles.cs"] = "programs call it",
        ["src/Varve/Archives/Write/Archiver.cs"] = "programs call it",
        ["src/Varve/Archives/Write/StoredSource.cs"] = "wires the flow",
        ["src/Varve/Backup/BackupRunner.cs"] = "programs call it",
        ["src/Varve/Backup/DryRunner.cs"] = "programs call it",
        ["src/Varve/Backup/BackupRun.cs"] = "wires the flow",
        ["src/Varve/Backup/PassThreads.cs"] = "wires the flow",
        ["src/Varve/Backup/RunSetup.cs"] = "wires the flow",
        ["src/Varve/Backup/Sources/OwnPlaces.cs"] = "wires the flow",
        ["src/Varve/Backup/RepositoryOutput.cs"] = "gives the rooms what they say they need of it",
        ["src/Varve/Restore/RestoreRunner.cs"] = "programs call it",
        ["src/Varve/Restore/RestoreRun.cs"] = "wires the flow",
        ["src/Varve/Maintain/Check/Checker.cs"] = "wires the flow",
        ["src/Varve/Maintain/Forget/Forgetter.cs"] = "wires the flow",
        ["src/Varve/Maintain/Forget/SnapshotMarker.cs"] = "programs call it",
        ["src/Varve/Service/RepositoryOperations.cs"] = "programs call it",
        ["src/Varve/Service/Drill.cs"] = "programs call it",
        ["src/Varve/Service/Plans.cs"] = "programs call it",
        ["src/Varve/Maintain/Stats/Statistics.cs"] = "programs call it",
        ["src/Varve/Maintain/Prune/Pruner.cs"] = "programs call it",
        ["src/Varve/Maintain/Prune/PruneTools.cs"] = "gives the rooms what they need of it",
    };

    /// <summary>
    /// Files of the library that ask the system about the process or machine they run in, instead of being told by <c>HostEnvironment</c>:
    /// path and reason.
    /// </summary>
    public static readonly IReadOnlyDictionary<string, string> Ambient = new Dictionary<string, string>
    {
        ["src/Varve/Vault/Open/HostEnvironment.cs"] = "the one place that asks, when a program says so",
        ["src/Varve/Platform/Zstd/ZstdLibrary.cs"] =
            "VARVE_LIBZSTD: a native library is loaded once in a process, whatever repositories it opens",
        ["src/Varve/Platform/Gate.cs"] = "VARVE_GATES: tests hold a whole process by it, before it has any options (decision 0028)",
        ["src/Varve/Threads/IdlePool.cs"] = "how many idle instances are kept: memory of this process, which no result depends on",
        ["src/Varve/Store/Lines/SshLine.cs"] = "ssh finds agents, its home and its configuration as whoever starts this would have it",
        ["src/Varve/Restore/Target/TargetRoot.cs"] =
            "a relative path is relative to the working directory, as for every file API, and Path.GetFullPath takes no bytes",
    };

    /// <summary>Files that may use integers of 128 bits: path and reason.</summary>
    public static readonly IReadOnlyDictionary<string, string> Wide = new Dictionary<string, string>
    {
        ["src/Varve/Platform/Sqlite/SaturatingSum.cs"] = "a sum in a query that somebody typed: no start waits for it",
        ["src/Varve/Keys/ScryptParameters.cs"] = "a password is tried, which takes a hundred times longer",
        ["src/Varve/Delta/CellHasher.cs"] = "a large file changed, which takes far longer to read",
        ["src/Varve/Delta/CellRecord.cs"] = "the same",
        ["src/Varve/Delta/CellTable.cs"] = "the same",
    };

    /// <summary>Files that have the secrets of a repository, beside those of the stage <c>Keys</c>: path and reason.</summary>
    public static readonly IReadOnlyDictionary<string, string> Secrets = new Dictionary<string, string>
    {
        ["src/Varve/Vault/Repository.cs"] = "gives each key to what seals, opens, names or cuts with it",
        ["src/Varve/Vault/Open/RepositoryOpener.cs"] = "creates a repository, and opens one",
        ["src/Varve/Vault/Open/SlotSearch.cs"] = "opens a key slot",
        ["src/Varve/Vault/Open/CacheSeals.cs"] = "derives the keys of this machine's cache from them",
        ["src/Varve/Vault/Open/KeyRing.cs"] = "seals the secrets into slots",
        ["src/Varve/Vault/Open/Identities.cs"] = "gives them the identity that they sign as",
        ["src/Varve/Vault/PaperImport.cs"] = "seals the secrets of a paper key into a slot",
    };

    /// <summary>The most files a room may have.</summary>
    public const int MostFilesInRoom = 30;

    /// <summary>The most lines a room may have, all files together.</summary>
    public const int MostLinesInRoom = 1500;

    /// <summary>The most lines a type may have over all its parts.</summary>
    public const int MostLinesOfType = 400;

    /// <summary>Types that may be longer: name and reason.</summary>
    public static readonly IReadOnlyDictionary<string, string> LongTypes = new Dictionary<string, string>
    {
        ["Varve.Platform.Posix"] = "the imports of system calls and a wrapper for each",
    };

    /// <summary>The app's folder, relative to the repository's root.</summary>
    public const string App = "src/Varve.App/";

    /// <summary>The app's rooms: each uses only those before it. The last is the entry point.</summary>
    public static readonly IReadOnlyList<string> AppRooms =
    [
        "Settings/Values", "Settings/Daemon", "Settings/Table", "Settings/Line", "Settings/Configuration", "Settings/Resolved", "Settings/Reference",
        "Output", "Output/Json", "Output/Progress", "Output/Parts", "Output/Paper", "Output/Pages", "Output/Reports", "Output/Changes", "Output/Retention", "Output/Pruning", "Output/Drills", "Output/Archives", "Output/Lists", "Output/Daemon", "Host", "Serve", "Serve/Network", "Completion", "Invocation", "Hooks",
        "Daemon/Schedules", "Daemon/Watch", "Daemon/Changes", "Daemon/Runs", "Daemon/Control", "Daemon/Notices", "Daemon/Units", "Daemon",
        "Commands/Daemon", "Commands/Keys", "Commands/Histories", "Commands/Retention", "Commands/Archives", "Commands", "",
    ];

    /// <summary>The most files a room of the app may have.</summary>
    public const int MostAppFiles = 30;

    /// <summary>Files outside Platform that may use unsafe code, beside *.Vectorized.cs: path and reason.</summary>
    public static readonly IReadOnlyDictionary<string, string> UnsafeFiles = new Dictionary<string, string>
    {
        ["bench/Varve.Compare/Run/Native.cs"] = "the benchmark starts and waits for programs without the library it measures",
    };

    /// <summary>Files where an exception of any type may be caught for good: path and reason.</summary>
    public static readonly IReadOnlyDictionary<string, string> CatchEdges = new Dictionary<string, string>
    {
        ["src/Varve.App/Program.cs"] = "the process edge: turns what is left into a message and an exit code",
    };

    /// <summary>Strings of the library that look like a command of the program and are none.</summary>
    public static readonly IReadOnlySet<(string Path, string Text)> Spellings = new HashSet<(string, string)>
    {
        ("src/Varve/Freeze/FreezeRecord.cs", "varve file"), // the first line of a record
        ("src/Varve/Vault/Place/RepositoryLocation.cs", "varve serve"), // for another machine's shell
        ("src/Varve/Vault/Place/RepositoryLocation.cs", "--stdio"),
        ("src/Varve/Vault/Place/RepositoryLocation.cs", "--repository"),
    };
}
