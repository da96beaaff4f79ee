using System.Text;
using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Model;
using Varve.Tree.Lists;
using Varve.Vault.Chunks;

namespace Varve.History.Import;

/// <summary>
/// Entries that a catalog knows and a snapshot lacks because they could not be saved, by the snapshot's failure list. The list is bounded,
/// and what it has no room for counts as gone: that costs the name of it, and a read. Immutable.
/// </summary>
internal sealed class MissingEntries
{
    private readonly HashSet<(long Directory, string Name)> _entries = [];
    private readonly HashSet<long> _incomplete = [];

    private MissingEntries()
    {
    }

    /// <summary>Nothing.</summary>
    internal static MissingEntries None { get; } = new();

    /// <summary>Those of a snapshot, as the directories are called that the catalog has before it.</summary>
    internal static MissingEntries Of(Snapshot snapshot, MetaReader trees, CatalogReader catalog, SourceRow source)
    {
        ChunkId list = snapshot.Private!.FailureList;
        if (list.IsNone || !catalog.TryGetRoot(source, out DirectoryRow root)) { return None; }
        var missing = new MissingEntries();
        try
        {
            foreach (Failure failure in FailureList.Decode(trees.Read(list).Span)) { missing.Add(catalog, root.Id, failure); }
        }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound && !CatalogFile.IsDamage(e))
        {
            // What is lost is why paths are missing, not what is there.
        }

        return missing;
    }

    /// <summary>Whether an entry that the snapshot lacks may have been there.</summary>
    internal bool Has(long directory, ReadOnlySpan<byte> name) =>
        _incomplete.Contains(directory)
        || (_entries.Count > 0 && _entries.Contains((directory, Encoding.Latin1.GetString(name))));

    /// <summary>What could not be listed above a directory could not be listed in it either.</summary>
    internal void Enter(long directory, long below)
    {
        if (_incomplete.Contains(directory)) { _incomplete.Add(below); }
    }

    private void Add(CatalogReader catalog, long directory, Failure failure)
    {
        ReadOnlySpan<byte> rest = failure.Path;
        while (rest.IndexOf((byte)'/') is var slash && slash >= 0)
        {
            if (!catalog.TryGetDirectory(directory, rest[..slash], out DirectoryRow row)) { return; }
            directory = row.Id;
            rest = rest[(slash + 1)..];
        }

        if (!rest.IsEmpty) { _entries.Add((directory, Encoding.Latin1.GetString(rest))); }
        if (failure.Operation != FailedOperation.List) { return; }
        // One of several places of a directory could not be listed: then the directory is there, and not all that is in it.
        if (rest.IsEmpty) { _incomplete.Add(directory); }
        else if (catalog.TryGetDirectory(directory, rest, out DirectoryRow own)) { _incomplete.Add(own.Id); }
    }
}
