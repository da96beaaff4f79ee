using Varve.Compare.Run;

namespace Varve.Compare.Tools;

/// <summary>
/// How to ask one backup program for each piece of work. Commands never prompt, keep repository, cache and configuration below
/// <paramref name="folder"/>, and use the program's own defaults but for what fairness asks (see docs/benchmarks.md).
/// </summary>
/// <param name="folder">A folder of this tool alone; it may be removed and created again between uses.</param>
internal abstract class BackupTool(string folder)
{
    /// <summary>Short name, as in --tools.</summary>
    public abstract string Key { get; }

    /// <summary>Holds nothing but this tool's files.</summary>
    public string Folder { get; } = folder;

    /// <summary>The repository: what counts as stored.</summary>
    public string Repository => Path.Combine(Folder, "repository");

    /// <summary>The path of its caches and configuration.</summary>
    protected string Cache => Path.Combine(Folder, "cache");

    /// <summary>Prints the version.</summary>
    public abstract Command Version { get; }

    /// <summary>Makes a repository, where there is none.</summary>
    public abstract Command Init { get; }

    /// <summary>Reads back and verifies all data in the repository.</summary>
    public abstract Command Check { get; }

    /// <summary>Lists the snapshots.</summary>
    public abstract Command Snapshots { get; }

    /// <summary>What a shell runs to complete a path in the latest snapshot; null for tools that have no such thing.</summary>
    public virtual Command? Complete => null;

    /// <summary>Makes the local catalog anew from the repository; null for tools that have none.</summary>
    public virtual Command? CatalogRebuild => null;

    /// <summary>Backs a tree up.</summary>
    /// <param name="tree">Its path.</param>
    /// <param name="number">Counts the backups in the repository from 1.</param>
    public abstract Command Backup(string tree, int number);

    /// <summary>Restores a whole backup into an empty folder.</summary>
    /// <param name="number">The latest backup's.</param>
    /// <param name="target">The folder.</param>
    public abstract Command Restore(int number, string target);
}
