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

    /// <summary>The vocabulary: imports nothing of Varve.</summary>
    public const string Model = "Model";

    /// <summary>Limits, layouts and the field codec of docs/format.md: imports Model only.</summary>
    public const string Format = "Format";

    /// <summary>System calls and native libraries: imports Model only.</summary>
    public const string Platform = "Platform";

    /// <summary>One stage or part each: import Model, Format and Platform, never each other.</summary>
    public static readonly IReadOnlySet<string> Stages = new HashSet<string>
    {
        "Walk", "Detect", "Chunk", "Seal", "Pack", "Index", "Tree", "Store", "Keys", "Catalog", "Delta", "FileSystems",
    };

    /// <summary>The only folders that wire stages together.</summary>
    public static readonly IReadOnlySet<string> Wiring = new HashSet<string> { "Repositories", "Backup", "Restore", "Maintain" };

    /// <summary>Those of them that nobody in the library imports: whole flows, which have nothing to do with each other.</summary>
    public static readonly IReadOnlySet<string> Flows = new HashSet<string> { "Backup", "Restore", "Maintain" };

    /// <summary>The rooms of a folder in their order: each uses only those before it, and the folder itself uses them all.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> Rooms = new Dictionary<string, IReadOnlyList<string>>
    {
        ["Backup"] = ["Run", "Packing", "Commit", "Sources", "Passes", "Trees", "Content", "Deltas", "Unstable", "Read", "Visit"],
    };

    /// <summary>The most files a room may have.</summary>
    public const int MostFilesInRoom = 30;

    /// <summary>The most lines a room may have, all files together.</summary>
    public const int MostLinesInRoom = 1500;

    /// <summary>The most lines a type may have over all its parts.</summary>
    public const int MostLinesOfType = 400;

    /// <summary>Rooms that may be larger: room and reason.</summary>
    public static readonly IReadOnlyDictionary<string, string> LargeRooms = new Dictionary<string, string>
    {
        ["Model"] = "the vocabulary: small types that many folders name, which no order would divide",
        ["Platform"] = "system calls, crypto and compression, until files have a room of their own",
        ["Catalog"] = "its tables and statements belong together; half of its files are rows of some lines",
        ["Tree"] = "one format with its readers and writers; half of its files are types of some lines",
        ["Repositories"] = "not yet in rooms",
        ["Restore"] = "not yet in rooms",
    };

    /// <summary>Types that may be longer: name and reason.</summary>
    public static readonly IReadOnlyDictionary<string, string> LongTypes = new Dictionary<string, string>
    {
        ["Varve.Repositories.IndexSet"] = "not yet divided",
        ["Varve.Store.LocalStore"] = "not yet divided",
        ["Varve.Catalog.CatalogWriter"] = "one connection's statements, in parts by what they write",
        ["Varve.Platform.Posix"] = "the imports of system calls and a wrapper for each",
    };

    /// <summary>The app's folder, relative to the repository's root.</summary>
    public const string App = "src/Varve.App/";

    /// <summary>The app's rooms: each uses only those before it. The last is the entry point.</summary>
    public static readonly IReadOnlyList<string> AppRooms =
    [
        "Settings/Values", "Settings/Table", "Settings/Line", "Settings/Configuration", "Settings/Resolved", "Settings/Reference",
        "Output", "Output/Json", "Output/Progress", "Output/Reports", "Host", "Commands", "",
    ];

    /// <summary>The most files a room of the app may have.</summary>
    public const int MostAppFiles = 32;

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
        ("src/Varve/FileSystems/SnapshotRecord.cs", "varve file"), // the first line of a record
    };

    /// <summary>Files that are top-level statements and so have no namespace: path and reason.</summary>
    public static readonly IReadOnlyDictionary<string, string> TopLevelStatements = new Dictionary<string, string>
    {
        ["src/Varve.App/Program.cs"] = "the entry point",
        ["bench/Varve.Compare/Program.cs"] = "the entry point",
    };
}
