using Varve.Backup.Deltas;
using Varve.Backup.Passes;
using Varve.Backup.Run;
using Varve.Catalog;
using Varve.Detect;
using Varve.History;
using Varve.History.Import;
using Varve.Model;

namespace Varve.Backup.Visit;

/// <summary>
/// What the catalog knows of a directory under the path it had before it was moved or renamed: entries in it that are as they were there
/// are taken over without being looked at. Equal ctime says that nothing of them changed, xattrs included. Lives while its directory is
/// examined.
/// <para>Invariant: an entry is taken over only if name, kind, inode, size, mtime, ctime, mode and owner are those of a row of the same
/// file system, its timestamps are safe, and it is not on the list of unstable files: the predicate that lets an entry stand that was not
/// moved. So it does not matter if it is not the same directory after all.</para>
/// </summary>
internal sealed class MovedDirectory : IDisposable
{
    private readonly BackupPass _pass;
    private readonly DirectoryNode _node;
    private readonly EntryTable _listing, _rows;
    private readonly CatalogReader _catalog;
    private readonly DeltaSignatures? _signatures;
    private readonly SafeTimes _safe;
    private byte[]? _formerPath;

    private MovedDirectory(BackupPass pass, CatalogReader catalog, DeltaSignatures? signatures, DirectoryNode node, long link)
    {
        _pass = pass;
        _catalog = catalog;
        _signatures = signatures;
        _node = node;
        _listing = node.Listing;
        _rows = pass.Tables.Rent();
        Link = link;
        _safe = pass.Rules.SafeAt(node, pass.Run.HasGaps ? catalog.Gaps.OldestAt(node.MovedFrom, pass.Run.Number) : 0);
    }

    /// <summary>The directory it was in the snapshot before; 0 if only a killed run knew it there.</summary>
    internal long Link { get; }

    /// <summary>Whether it is worth looking: the directory does not stand where it stood, and is not merged from several places.</summary>
    internal static bool MayBe(BackupPass pass, DirectoryNode node) =>
        pass.Rules.FindMoves && node.Origins is null && node.Parent is { IsSame: false } parent
        && (node.IsNew || !MoveFinder.Stays(parent.Known, node.Name, parent.Listing.Stat(node.IndexInParent).Inode, pass.Run.Number));

    /// <summary>Null for a directory that the catalog has nowhere.</summary>
    internal static MovedDirectory? Find(BackupPass pass, MoveFinder moves, CatalogReader catalog, DeltaSignatures? signatures,
        DirectoryNode node)
    {
        DirectoryNode parent = node.Parent!;
        ref EntryStat stat = ref parent.Listing.Stat(node.IndexInParent);
        long id = moves.Find(in stat, Details(parent, node.IndexInParent), node.MountKey, node.Id, out bool isLink);
        if (id == 0) { return null; }
        node.MovedFrom = id;
        var moved = new MovedDirectory(pass, catalog, signatures, node, isLink ? id : 0);
        catalog.ReadDirectory(id, pass.Run.Number, moved._rows);
        return moved;
    }

    /// <summary>The row that entry <paramref name="i"/> of the listing can take over, or -1.</summary>
    internal int Find(int i)
    {
        ReadOnlySpan<byte> name = _listing.Name(i);
        if (_pass.Rules.Force || _pass.Rules.IsListed(_node, name)) { return -1; }
        int k = _rows.Find(name);
        if (k < 0) { return -1; }
        // Of the two states that a name can have, either proves as much.
        return CanTake(i, k) ? k : CanTake(i, k - 1) ? k - 1 : CanTake(i, k + 1) ? k + 1 : -1;
    }

    /// <summary>Takes it over.</summary>
    internal void Take(int i, int k)
    {
        _listing.SetDetails(i, _rows.Details(k));
        if (_signatures is null || _listing.Stat(i).Kind != EntryKind.File || !DeltaSignatures.IsCandidate(_listing.Stat(i).Size))
        {
            return;
        }
        _signatures.Moved(FormerPath.Join(_formerPath ??= _catalog.PathOf(_node.MovedFrom), _listing.Name(i)),
            _node.Path(_listing.Name(i)));
    }

    private bool CanTake(int i, int k)
    {
        if (k < 0 || k >= _rows.Count || _rows.Flags(k) != EntryFlags.None || !_rows.Name(k).SequenceEqual(_listing.Name(i)))
        {
            return false;
        }
        ref EntryStat now = ref _listing.Stat(i);
        // A file system that begins here is known by its path.
        if (now.Kind == EntryKind.Directory && Tree.Details.DetailsCodec.Mount(_rows.Details(k)) != 0) { return false; }
        // This run's own: they are of a directory that it found in this one's place. If it was killed, of a directory that may have been
        // another one.
        if (_rows.First(k) == _pass.Run.Number && !_pass.Run.Resumed) { return false; }
        return ChangePredicate.Compare(in now, in _rows.Stat(k), _safe.For(_rows.First(k)),
            _pass.Rules.Compare) == Change.Unchanged && _pass.Rules.IsBelievable(_node, _rows, k);
    }

    // Workers add to the parent's arena meanwhile.
    private static byte[] Details(DirectoryNode parent, int i)
    {
        lock (parent) { return parent.Listing.Details(i).ToArray(); }
    }

    /// <inheritdoc/>
    public void Dispose() => _pass.Return(_rows);
}
