using Varve.Model;

namespace Varve;

/// <summary>
/// What an error is about: one of a closed set of things, by name, and perhaps a part of it. Programs ask for <see cref="Kind"/> and
/// <see cref="Name"/>; <see cref="ToString"/> is for people, and the only place that puts the two into words. A thrower that knows no
/// name gives <see cref="None"/> or a part only, and the layer that knows the thing says <see cref="VarveException.At"/>.
/// </summary>
public sealed record Subject
{
    /// <summary>Nothing with a name.</summary>
    public static readonly Subject None = new(SubjectKind.None, null);

    private const string Header = "varve"; // the one object that has a name of its own among people

    // One of the two holds the name. Readers of trees are given a subject for each, so the digits are made only when an error asks for
    // them.
    private readonly string? _name;
    private readonly Bytes32 _id;

    private Subject(SubjectKind kind, string? name, Bytes32 id = default)
    {
        Kind = kind;
        _name = name;
        _id = id;
    }

    /// <summary>Which of the closed set.</summary>
    public SubjectKind Kind { get; }

    /// <summary>
    /// The object's key, the path (escaped as <see cref="PathText"/> does), the id in hexadecimal digits; empty for
    /// <see cref="SubjectKind.None"/>.
    /// </summary>
    public string Name => _name ?? (_id.IsZero ? "" : _id.ToString());

    /// <summary>What it is about within the thing, such as "block 7" or "the footer"; null for all of it.</summary>
    public string? Part { get; private init; }

    /// <summary>Where the store with the object is; null if the thrower does not know it.</summary>
    public string? Location { get; private init; }

    /// <summary>The line in a configuration, counted from 1; 0 for none.</summary>
    public long Line { get; private init; }

    /// <summary>The column in a configuration, counted from 1, for programs; 0 for none. People are told the line.</summary>
    public long Column { get; private init; }

    /// <summary>A command of the program that uses the library, as its user types it.</summary>
    public static Subject Command(string name) => new(SubjectKind.Command, name);

    /// <summary>What the caller asked for, in the caller's words.</summary>
    public static Subject Request(string words) => new(SubjectKind.Request, words);

    /// <summary>A part of something that the thrower does not know.</summary>
    public static Subject PartOnly(string part) => None.Within(part);

    /// <summary>A path of the local file system.</summary>
    public static Subject Path(string path) => new(SubjectKind.Path, path);

    /// <summary>A path of the local file system.</summary>
    public static Subject Path(ReadOnlySpan<byte> path) => Path(PathText.Of(path));

    /// <summary>A path that is backed up.</summary>
    public static Subject Source(ReadOnlySpan<byte> path) => new(SubjectKind.Source, PathText.Of(path));

    /// <summary>A path that a restore writes to.</summary>
    public static Subject Target(ReadOnlySpan<byte> path) => new(SubjectKind.Target, PathText.Of(path));

    /// <summary>A path that a restore writes to, as text.</summary>
    public static Subject Target(string path) => new(SubjectKind.Target, path);

    /// <summary>A file or directory of the cache.</summary>
    public static Subject Cache(string path) => new(SubjectKind.Cache, path);

    /// <summary>The directory for copies of unstable files.</summary>
    public static Subject Spool(string path) => new(SubjectKind.Spool, path);

    /// <summary>A catalog; an empty path if the thrower does not know it.</summary>
    public static Subject Catalog(string path = "") => new(SubjectKind.Catalog, path);

    /// <summary>A key file.</summary>
    public static Subject KeyFile(string path) => new(SubjectKind.KeyFile, path);

    /// <summary>A place in a configuration.</summary>
    public static Subject Configuration(string file, long line = 0, long column = 0) =>
        new(SubjectKind.Configuration, file) { Line = line, Column = column };

    /// <summary>A repository, by where it is.</summary>
    public static Subject Repository(string location) => new(SubjectKind.Repository, location);

    /// <summary>An object in the store.</summary>
    public static Subject Object(string key, string? location = null) => new(SubjectKind.Object, key) { Location = location };

    /// <summary>A snapshot.</summary>
    public static Subject Snapshot(ObjectName name) => new(SubjectKind.Snapshot, null, name.Value);

    /// <summary>A chunk.</summary>
    internal static Subject Chunk(ChunkId id) => new(SubjectKind.Chunk, null, id.Value);

    /// <summary>A directory as it is stored.</summary>
    internal static Subject Tree(ChunkId id) => new(SubjectKind.Tree, null, id.Value);

    /// <summary>The list of a file's extents.</summary>
    internal static Subject ExtentList(ChunkId id) => new(SubjectKind.ExtentList, null, id.Value);

    /// <summary>A volume, or a snapshot of one.</summary>
    public static Subject Volume(string name) => new(SubjectKind.Volume, name);

    /// <summary>A program or library.</summary>
    public static Subject Program(string name) => new(SubjectKind.Program, name);

    /// <summary>The whole that this is a part of, by its name alone.</summary>
    public Subject Whole => Part is null && Location is null ? this : this with { Part = null, Location = null };

    /// <summary>A part of this.</summary>
    public Subject Within(string part) => this with { Part = part };

    /// <summary>In words: "block 7 of packs/ab/…", "the catalog /x/catalog.db"; empty if there is nothing to name.</summary>
    public override string ToString()
    {
        string whole = Kind switch
        {
            SubjectKind.Target => $"the target {Name}",
            SubjectKind.Cache => $"the cache {Name}",
            SubjectKind.Spool => $"the spool directory {Name}",
            SubjectKind.Catalog => Name.Length == 0 ? "the catalog" : $"the catalog {Name}",
            SubjectKind.KeyFile => $"the key file {Name}",
            SubjectKind.Configuration => Place(),
            SubjectKind.Repository => $"the repository {Name}",
            SubjectKind.Snapshot => $"snapshot {Name}",
            SubjectKind.Chunk => $"chunk {Name}",
            SubjectKind.Tree => $"tree {Name}",
            SubjectKind.ExtentList => $"extent list {Name}",
            SubjectKind.Object when Name == Header => Location is null ? "the header 'varve'" : $"the header 'varve' in {Location}",
            SubjectKind.Object when Location is not null => $"{Name} in {Location}",
            _ => Name,
        };
        return Part is null ? whole : whole.Length == 0 ? Part : $"{Part} of {whole}";
    }

    private string Place() => Line == 0 ? Name : Column == 0 ? $"{Name}:{Line}" : $"{Name}:{Line}:{Column}";
}
