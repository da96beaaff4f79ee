using Varve.Model;
using Varve.Model.Packs;
using Varve.Restore.Target;
using Varve.Restore.Write;
using Varve.Tree;
using Varve.Tree.Details;
using Varve.Vault.Chunks;

namespace Varve.Restore.Plan;

/// <summary>
/// Follows the trees depth-first and decides what is to be written where: directories, symlinks and special files it makes at once, files
/// are gathered by the blocks they need, further names of a file wait until the first is there. One thread.
/// </summary>
internal sealed class RestorePlanner(RestoreContext context, PlanTools tools, RestoreWorkers workers, CancellationToken cancellationToken)
{
    private const int MaxWaitingLinks = 65_536;

    private static readonly Subject s_extents = Subject.PartOnly("a file's extents");

    // Costs some 200 bytes for each file with several names: which further names will come, nobody knows.
    private readonly Dictionary<ulong, (TargetDirectory Directory, byte[] Name)> _firstNames = [];
    private readonly List<(ulong Group, TargetDirectory Directory, byte[] Name, bool IsFile)> _links = [];
    private readonly List<(TargetDirectory Directory, byte[] Name, uint Attributes)> _lateFlags = [];
    private readonly EntryTable _table = new();
    private readonly MetaScope _meta = tools.Trees.OpenScope();
    private readonly Stack<(PlanDirectory Directory, ChunkId Tree)> _stack = new();
    private LeafVisitor? _addLeaf;

    /// <summary>Restores all below a directory of the snapshot, whose place in the target is <paramref name="root"/>.</summary>
    internal void RunDirectory(PlanDirectory root, ChunkId tree)
    {
        _stack.Push((root, tree));
        while (_stack.TryPop(out var next))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (next.Directory.IsWanted) { next.Directory.Ensure(context); }
            if (ReadTree(next.Directory, next.Tree))
            {
                for (int i = 0; i < _table.Count; i++) { Plan(next.Directory, i); }
            }

            next.Directory.Release();
        }

        Finish();
    }

    /// <summary>Restores a single entry, no directory, of <paramref name="table"/> into the target's root.</summary>
    internal void RunEntry(PlanDirectory root, EntryTable table, int i)
    {
        PlanEntry(root.Target!, table, i);
        root.Release();
        Finish();
    }

    private void Finish()
    {
        context.Monitor.Enter("finishing");
        MakeLinks();
        foreach ((TargetDirectory directory, byte[] name, uint attributes) in _lateFlags)
        {
            RestoreOutcome outcome = tools.Metadata.SetFlags(directory, name, attributes);
            if (!outcome.Ok) { context.Fail(directory, name, in outcome); }
            directory.Release();
        }

        foreach ((TargetDirectory directory, byte[] _) in _firstNames.Values) { directory.Release(); }
    }

    private bool ReadTree(PlanDirectory directory, ChunkId tree)
    {
        _table.Clear();
        _meta.Reset();
        try
        {
            TreeReader.ForEachLeaf(tree, _meta.Fetch, _addLeaf ??= AddLeaf);
            return true;
        }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
        {
            context.Monitor.Fail(
                new Failure(directory.Path([]), FailedOperation.List, 0, $"its listing, and so all below it, cannot be read: {e.Message}"));
            return false;
        }
    }

    private void AddLeaf(ChunkId id, ref TreeLeafReader leaf)
    {
        // Within a leaf a number has one name, and most entries have the owner of the one before.
        (uint Stored, uint Mapped) user = (0, 0), group = (0, 0);
        while (leaf.MoveNext())
        {
            EntryStat stat = leaf.Stat;
            if (stat.Uid != user.Stored) { user = (stat.Uid, tools.Owners.User(stat.Uid, leaf.UserName(stat.Uid))); }
            if (stat.Gid != group.Stored) { group = (stat.Gid, tools.Owners.Group(stat.Gid, leaf.GroupName(stat.Gid))); }
            (stat.Uid, stat.Gid) = (user.Mapped, group.Mapped);
            _table.Add(leaf.Name, in stat, leaf.Details, leaf.Flags);
        }
    }

    private void Plan(PlanDirectory parent, int i)
    {
        bool wanted = parent.IsWanted;
        if (!tools.Filter.TakesAll)
        {
            byte[] path = parent.Path(_table.Name(i));
            if (tools.Filter.Drops(path)) { return; }
            wanted = tools.Filter.Wants(path, wanted);
        }

        if (_table.Stat(i).Kind == EntryKind.Directory)
        {
            EntryDetails details;
            try { details = DetailsCodec.Decode(_table.Details(i)); }
            catch (VarveException e) when (e.Kind == ErrorKind.Damaged)
            {
                context.Monitor.Fail(new Failure(parent.Path(_table.Name(i)), FailedOperation.List, 0, e.Message));
                return;
            }

            parent.AddUser();
            _stack.Push(
                (new PlanDirectory
                {
                    Parent = parent, Name = _table.Name(i).ToArray(), Stat = _table.Stat(i), Details = details,
                    IsWanted = wanted
                }, details.ChildTree));
        }
        else if (wanted && parent.Ensure(context) is { } target) { PlanEntry(target, _table, i); }
    }

    private void PlanEntry(TargetDirectory target, EntryTable table, int i)
    {
        EntryStat stat = table.Stat(i);
        ReadOnlySpan<byte> name = table.Name(i), details = table.Details(i);
        if ((table.Flags(i) & EntryFlags.Torn) != 0) { context.Monitor.AddTorn(target.RelativePath(name)); }
        if (IsFurtherName(target, name, in stat, details)) { return; }
        try
        {
            if (stat.Kind == EntryKind.File) { PlanFile(target, name, in stat, details); }
            else
            {
                RestoreOutcome outcome = tools.Specials.Create(target, name, in stat, DetailsCodec.Decode(details));
                if (!outcome.Ok) { context.Fail(target, name, in outcome); }
                if (outcome.Created) { context.Monitor.AddOther(); }
            }
        }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
        {
            context.Monitor.Fail(new Failure(target.RelativePath(name), FailedOperation.Read, 0, e.Message));
        }
    }

    /// <summary>The second and later names of a file wait for the first.</summary>
    private bool IsFurtherName(TargetDirectory target, ReadOnlySpan<byte> name, in EntryStat stat, ReadOnlySpan<byte> details)
    {
        ulong group = DetailsCodec.LinkGroup(details);
        if (group == 0) { return false; }
        EntryDetails decoded = DetailsCodec.Decode(details);
        target.AddReference();
        if (_firstNames.TryAdd(group, (target, name.ToArray())))
        {
            if (decoded.Attributes != 0)
            {
                target.AddReference();
                _lateFlags.Add((target, name.ToArray(), decoded.Attributes));
            }

            return false;
        }

        _links.Add((group, target, name.ToArray(), stat.Kind == EntryKind.File));
        if (_links.Count >= MaxWaitingLinks) { MakeLinks(); }

        return true;
    }

    private void PlanFile(TargetDirectory target, ReadOnlySpan<byte> name, in EntryStat stat, ReadOnlySpan<byte> details)
    {
        // Most files are one slice of one chunk: they are planned without an object of their own.
        ExtentReader extents = DetailsCodec.InlineExtents(details);
        bool isListed = !DetailsCodec.ExtentList(details).IsNone, hasData = false;
        int count = 0;
        Extent first = default;
        while (!isListed && !(hasData && count > 1) && extents.MoveNext())
        {
            if (count++ == 0) { first = extents.Current; }
            hasData |= !extents.Current.IsHole;
        }

        if (isListed || hasData && !(count == 1 && first.Length == stat.Size)) { PlanLarge(target, name, in stat, details); }
        else if (hasData)
        {
            ChunkLocation location = Locate(in first);
            target.AddReference();
            if (!workers.Queue.AddSmall(target, name, in stat, details, in first, in location)) { workers.Rethrow(); }
        }
        else
        {
            if (extents.Length != stat.Size)
            {
                throw VarveException.Damaged(s_extents, $"they cover {extents.Length} bytes of {stat.Size}");
            }
            target.AddReference();
            if (!workers.Queue.AddBare(target, name, in stat, details)) { workers.Rethrow(); }
        }
    }

    private void PlanLarge(TargetDirectory target, ReadOnlySpan<byte> name, in EntryStat stat, ReadOnlySpan<byte> details)
    {
        EntryDetails decoded = DetailsCodec.Decode(details);
        if (!workers.Queue.BeginLarge()) { workers.Rethrow(); }
        RestoreOutcome outcome = context.Files.CreateFile(target, name, stat.Size, out RestoredFile? created);
        if (created is null)
        {
            workers.Queue.EndLarge();
            context.Fail(target, name, in outcome);
            return;
        }

        target.AddReference();
        var file = new LargeFile(context, workers.Queue, target, created, in stat, decoded, name.ToArray());
        try
        {
            long position = 0;
            foreach (Extent extent in FileExtents.Of(details, stat.Size, _meta.Fetch))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (extent.Length > stat.Size - position) { throw VarveException.Damaged(s_extents, "they reach beyond its size"); }
                if (!extent.IsHole)
                {
                    ChunkLocation location = Locate(extent);
                    file.AddPiece();
                    if (!workers.Queue.AddPart(file, in extent, in location, position)) { workers.Rethrow(); }
                }

                position += extent.Length;
            }

            if (position != stat.Size) { throw VarveException.Damaged(s_extents, $"they cover {position} bytes of {stat.Size}"); }
        }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
        {
            file.PieceFailed(e.Message);
            return;
        }

        file.PieceDone();
    }

    private ChunkLocation Locate(in Extent extent)
    {
        if (!context.Chunks.TryLocate(extent.Chunk, out ChunkLocation location))
        {
            throw VarveException.Damaged(Subject.Chunk(extent.Chunk), "no index run knows it");
        }
        return extent.Offset + extent.Length <= location.Length ? location
            : throw VarveException.Damaged(Subject.Chunk(extent.Chunk).Within("an extent"), "it reaches beyond the chunk's end");
    }

    private void MakeLinks()
    {
        workers.Drain();
        foreach ((ulong group, TargetDirectory directory, byte[] name, bool isFile) in _links)
        {
            (TargetDirectory first, byte[] firstName) = _firstNames[group];
            RestoreOutcome outcome = SpecialFiles.Link(first, firstName, directory, name);
            if (!outcome.Ok) { context.Fail(directory, name, in outcome); }
            else if (isFile) { context.Monitor.AddFile(); }
            else { context.Monitor.AddOther(); }
            directory.Release();
        }

        _links.Clear();
    }
}
