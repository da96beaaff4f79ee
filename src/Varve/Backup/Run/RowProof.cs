using Varve.Model;
using Varve.Tree.Details;
using Varve.Tree.Lists;

namespace Varve.Backup.Run;

/// <summary>
/// What a writer may believe of what the catalog says is stored (<c>writer_relies</c> in docs/protocol.md). A row counts as unchanged only
/// if a snapshot has it that was listed in this session, and no pack is condemned. Rows of a run that did not end, and all rows while a
/// list of condemned packs is there, count if each of their chunks is in the index of this session; trees are made anew, so each of theirs
/// is looked up as well. The rest is read again. Thread-safe.
/// </summary>
/// <param name="all">Whether no row is believed; else those of the running number are not.</param>
/// <param name="running">The catalog's number of the snapshot in the making.</param>
/// <param name="lost">
/// From which number on snapshots were put in sessions that turned out to be lost, 0 for none: they may count, and prove nothing.
/// </param>
/// <param name="contains">Whether a chunk need not be stored.</param>
/// <param name="fetch">Reads lists of extents; null without the full key: then files that have one are read again.</param>
internal sealed class RowProof(bool all, long running, long lost, Func<ChunkId, bool> contains, FetchMeta? fetch)
{
    /// <summary>Whether no row is believed, whoever made it.</summary>
    internal bool IsOfAll => all;

    /// <summary>Whether what was recorded first, or last, under that number has to be proved.</summary>
    internal bool Asks(long number) => all || number == running || (lost != 0 && number >= lost);

    /// <summary>Whether everything that row <paramref name="k"/> needs is there. What is no file needs nothing.</summary>
    internal bool Holds(EntryTable rows, int k)
    {
        if (rows.Stat(k).Kind != EntryKind.File) { return true; }
        try { return FileExtents.Of(rows.Details(k), rows.Stat(k).Size, FetchIfThere).All(e => e.IsHole || contains(e.Chunk)); }
        catch (VarveException) { return false; } // a list of extents that cannot be read is as good as gone
    }

    /// <summary>A list is looked up as it is read, whichever key there is to read it.</summary>
    private ReadOnlyMemory<byte> FetchIfThere(ChunkId list) => fetch is not null && contains(list) ? fetch(list)
        : throw new VarveException(ErrorKind.NotFound, Subject.ExtentList(list), "cannot be read, or is not in the index");
}
