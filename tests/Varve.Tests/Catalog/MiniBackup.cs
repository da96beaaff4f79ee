using System.Security.Cryptography;
using System.Text;
using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Detect;
using Varve.Model;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.Catalog;

/// <summary>The flow of a backup on the catalog, without a repository: what the pipeline does, one directory after the other.</summary>
internal sealed class MiniBackup : IDisposable
{
    private readonly CatalogReader _reader;
    private readonly CatalogWriter _writer;
    private readonly SourceRow _source;
    private readonly Random _random;
    private readonly DirectoryIds _ids;
    private readonly SafeTimes _safe;
    private readonly long _running;
    private int _life;

    /// <param name="life">Row changes after which the run is killed.</param>
    public MiniBackup(CatalogFile file, SourceRow source, FileTime start, Random random, int life)
    {
        (_source, _random, _life) = (source, random, life);
        _reader = file.OpenReader();
        _writer = file.OpenWriter();
        Row = _writer.Snapshots.Start(source.Id, start, []);
        _running = Row.Resumed ? Row.Number : 0;
        Look[] looks = [.. _reader.Snapshots(source.Id).Select(static s => new Look
        {
            Number = s.Number, Start = s.Start, End = s.State == SnapshotState.Complete ? s.End : s.Start,
            IsWhole = s.State == SnapshotState.Complete && !s.IsPartial, Place = s.Place, Clocks = s.Clocks,
        })];
        _safe = new SafeLooks(looks, [], [], 0).Since(gap: 0, mountKey: 0);
        _ids = _writer.DirectoryIds(source.Id);
    }

    public SnapshotRow Row { get; }

    /// <summary>Row changes of this run.</summary>
    public int Writes { get; private set; }

    /// <summary>Files that the run had to read.</summary>
    public int Reads { get; private set; }

    /// <summary>False if it was killed.</summary>
    public bool Run(ModelNode root, FileTime end)
    {
        try
        {
            _writer.Begin();
            var listing = new EntryTable();
            listing.Add("root"u8, root.Stat);
            (ChunkId tree, _) = Visit(_source.RootDirectory, "root", root);
            Merge(_source.RootDirectory, listing, [root], known: true);
            _writer.Commit();
            _writer.Snapshots.MarkCommitting(_source.Id, Row.Number, CatalogFixture.Name(Row.Number), tree);
            _writer.Snapshots.Complete(_source.Id, Row.Number, CatalogFixture.Snapshot(_source, Row.Start, end, tree),
                CatalogFixture.Name(Row.Number));
            return true;
        }
        catch (KilledException) { return false; }
    }

    public void Dispose()
    {
        // Without commit: an open transaction goes, as with a kill.
        _writer.Dispose();
        _reader.Dispose();
    }

    private (ChunkId Tree, bool Changed) Visit(long parent, string text, ModelNode node)
    {
        byte[] name = Encoding.ASCII.GetBytes(text);
        bool known = _reader.TryGetDirectory(parent, name, out DirectoryRow row);
        if (!known)
        {
            row = row with { Id = _ids.Next() };
            Change(() => _writer.InsertDirectory(Row.Number, parent, name, row.Id));
        }

        var listing = new EntryTable();
        var children = new List<ModelNode>();
        FileTime newest = default;
        bool belowChanged = false;
        using var tree = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((string childName, ModelNode child) in node.Children!)
        {
            listing.Add(Encoding.ASCII.GetBytes(childName), child.Stat);
            children.Add(child);
            if (child.Stat.Ctime > newest) { newest = child.Stat.Ctime; }
            tree.AppendData(Encoding.ASCII.GetBytes(childName + ModelTree.Describe(child.Stat, child.Details)));
            if (child.Children == null) { continue; }
            (ChunkId childTree, bool changed) = Visit(row.Id, childName, child);
            tree.AppendData(childTree.Value.ToArray());
            belowChanged |= changed;
        }

        Bytes32 digest = DirectoryDigest.Compute(listing);
        var treeId = new ChunkId(tree.GetHashAndReset());
        bool same = known && row.Digest == digest && newest < _safe.For(row.Recorded);
        if (same && !belowChanged && !row.Tree.IsNone)
        {
            // Nothing is read: the tree must nevertheless be the one that reading would have made.
            Assert.Equal(treeId, row.Tree);
            return (row.Tree, false);
        }

        int before = Writes;
        if (!same) { Merge(row.Id, listing, children, known); }
        // A racy directory that came out unchanged.
        if (row.Tree == treeId && row.Digest == digest && Writes == before && !belowChanged) { return (treeId, false); }
        row = row with { Recorded = Row.Number, Digest = digest, Tree = treeId, NewestCtime = newest };
        Change(() => _writer.UpdateDirectory(parent, name, row));
        return (treeId, true);
    }

    private void Merge(long directory, EntryTable listing, List<ModelNode> nodes, bool known)
    {
        var rows = new EntryTable();
        if (known) { _reader.ReadDirectory(directory, _running, rows); }
        var sink = new Sink(this, directory, listing, rows, nodes);
        DirectoryMerge.Run(listing, rows, _safe, ChangeRules.None, ref sink);
    }

    private void Change(Action change)
    {
        if (_life-- == 0) { throw new KilledException(); }
        change();
        Writes++;
        if (_random.Next(4) != 0) { return; }
        _writer.Commit();
        _writer.Begin();
    }

    private sealed class Sink(MiniBackup run, long directory, EntryTable now, EntryTable known, List<ModelNode> nodes) : IMergeSink
    {
        public void New(int i) => Insert(i);

        public void Unchanged(int i, int k)
        {
            if (known.Last(k) == long.MaxValue) { return; }
            run.Change(() => run._writer.Revisions.Reopen(directory, known.Name(k), known.First(k), run.Row.Number));
        }

        public void Differs(int i, int k, Change change)
        {
            run.Reads++;
            bool sameContent = known.Details(k).SequenceEqual(nodes[i].Details);
            if (sameContent && IsSame(now.Stat(i), known.Stat(k)))
            {
                Unchanged(i, k);
                return;
            }

            if (known.Last(k) == long.MaxValue) { Close(k); }
            Insert(i);
        }

        public void Gone(int k)
        {
            Close(k);
            if (known.Stat(k).Kind == EntryKind.Directory)
            {
                run.Change(() => run._writer.Subtrees.Close(directory, known.Name(k), run.Row.Number));
            }
        }

        private static bool IsSame(in EntryStat now, in EntryStat known) =>
            now.Kind == known.Kind && now.Size == known.Size && now.Mode == known.Mode && now.Uid == known.Uid && now.Gid == known.Gid
            && now.Mtime == known.Mtime && now.Ctime == known.Ctime && now.Inode == known.Inode;

        private void Close(int k)
        {
            run.Change(() => run._writer.Revisions.Close(directory, known.Name(k), known.First(k), run.Row.Number));
        }

        private void Insert(int i)
        {
            run.Change(() => run._writer.Revisions.Insert(directory, now.Name(i), run.Row.Number, now.Stat(i), 0, nodes[i].Details));
        }
    }

    private sealed class KilledException : Exception;
}
