namespace Varve;

/// <summary>The closed set of what an error can be about.</summary>
public enum SubjectKind
{
    /// <summary>Nothing that has a name, or nothing that the thrower knows the name of.</summary>
    None,
    /// <summary>A command of the program that uses the library.</summary>
    Command,
    /// <summary>What the caller asked for, in the caller's own words.</summary>
    Request,
    /// <summary>A path of the local file system that no other kind is for.</summary>
    Path,
    /// <summary>A path that is backed up.</summary>
    Source,
    /// <summary>A path that a restore writes to.</summary>
    Target,
    /// <summary>A file or directory of the cache, which can be made again.</summary>
    Cache,
    /// <summary>The directory for copies of unstable files.</summary>
    Spool,
    /// <summary>The catalog of a repository.</summary>
    Catalog,
    /// <summary>A key file.</summary>
    KeyFile,
    /// <summary>A place in a configuration file.</summary>
    Configuration,
    /// <summary>A repository as a whole.</summary>
    Repository,
    /// <summary>An object in the store, by its key.</summary>
    Object,
    /// <summary>A snapshot.</summary>
    Snapshot,
    /// <summary>A stored chunk, by its id, wherever it lies.</summary>
    Chunk,
    /// <summary>A stored directory, by its id.</summary>
    Tree,
    /// <summary>The stored list of a file's extents, by its id.</summary>
    ExtentList,
    /// <summary>A volume, dataset or subvolume, or a snapshot of one.</summary>
    Volume,
    /// <summary>A program or library that Varve uses.</summary>
    Program,
}
