using Varve.Model;
using Varve.Model.Changes;
using Varve.Model.Packs;
using Varve.Platform;
using Varve.Restore.Entries;
using Varve.Restore.Place;
using Varve.Restore.Resume;
using Varve.Restore.Target;
using Varve.Restore.Write;
using Varve.Tree;
using Varve.Tree.Details;
using Varve.Tree.Lists;
using Varve.Vault.Chunks;

namespace Varve.Restore.Plan;

/// <summary>
/// Follows the trees depth-first and decides what is to be written where: directories, symlinks and special files it makes at once, files
/// are gathered by the blocks they need, further names of a file wait until the first is there. One thread. Without workers nothing is
/// written: a survey looks at each place.
/// </summary>
internal sealed class RestorePlanner(RestoreContext context, PlanTools tools, RestoreWorkers? workers, CancellationToken cancellationToken)
{
    private static readonly Subject s_extents = Subject.PartOnly("a file's extents");

    private readonly EntryTable _table = new();
    private readonly MetaScope _meta = tools.Trees.OpenScope();
    private readonly Stack<(PlanDirectory Directory, ChunkId Tree)> _stack = new();
    private readonly NameClashes _clashes = new();
    private LeafVisitor? _addLeaf;
    private FurtherNames? _furtherNames;
    private FetchMeta? _fetchList;
    private bool _isBeyond;

    private FurtherNames FurtherNames => _furtherNames ??= new FurtherNames(context, tools.Metadata, workers!, PlanContent, tools.Obstacles);

    /// <summary>Restores all below a directory of the snapshot, whose place in the target is <paramref name="root"/>.</summary>
    internal void RunDirectory(PlanDirectory root, ChunkId tree)
    {
        _stack.Push((root, tree));
        while (_stack.TryPop(out var next))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (tools.Survey is { } survey) { next.Directory.Enter(context, survey); }
            else if (next.Directory.IsWanted) { next.Directory.Ensure(context, tools); }
            if (!next.Directory.HasFailed && ReadTree(next.Directory, next.Tree))
            {
                Sweep(next.Directory);
                if (context.Inspector is not null) { _clashes.Begin(next.Directory.Target, _table, tools.Survey is not null); }
                for (int i = 0; i < _table.Count && !_isBeyond; i++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    Plan(next.Directory, i);
                }
            }

            next.Directory.Release();
            // Nothing is left out in silence: what was stopped at is a failure.
            while (_isBeyond && _stack.TryPop(out next)) { next.Directory.Release(); }
        }

        Finish();
    }

    /// <summary>Restores a single entry, no directory, of <paramref name="table"/> into the target's root.</summary>
    internal void RunEntry(PlanDirectory root, EntryTable table, int i)
    {
        if (tools.Survey is { } survey) { LookAt(survey, root.Target, table.Name(i).ToArray(), table, i); }
        else { PlanEntry(root.Target!, table, i); }
        root.Release();
        Finish();
    }

    private void Finish()
    {
        if (workers is null) { return; }
        context.Monitor.Enter("finishing");
        FurtherNames.Finish();
    }

    /// <summary>What the snapshot has not goes, where all of the directory is restored.</summary>
    private void Sweep(PlanDirectory directory)
    {
        if (tools.Sweeper is not { } sweeper || !directory.IsWanted || _isBeyond) { return; }
        if (directory.Target is { WasCreated: false } target) { sweeper.Sweep(target, directory.Path([]), _table); }
    }

    private void LookAt(PlaceSurvey survey, TargetDirectory? target, byte[] path, EntryTable table, int i)
    {
        try { survey.Entry(target, path, table.Name(i), in table.Stat(i), table.Details(i)); }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
        {
            context.Monitor.Fail(new Failure(path, FailedOperation.Read, 0, e.Message));
        }
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
            cancellationToken.ThrowIfCancellationRequested();
            EntryStat stat = leaf.Stat;
            if (stat.Uid != user.Stored) { user = (stat.Uid, tools.Owners.User(stat.Uid, leaf.UserName(stat.Uid))); }
            if (stat.Gid != group.Stored) { group = (stat.Gid, tools.Owners.Group(stat.Gid, leaf.GroupName(stat.Gid))); }
            (stat.Uid, stat.Gid) = (user.Mapped, group.Mapped);
            _table.Add(leaf.Name, in stat, leaf.Details, leaf.Flags);
        }
    }

    private void Plan(PlanDirectory parent, int i)
    {
        if (!tools.Budget.Take(_table.Stat(i).Kind == EntryKind.File ? _table.Stat(i).Size : 0))
        {
            _isBeyond = true;
            string reason = $"{tools.Budget.Beyond().Message}; this and all that would follow is left out";
            context.Monitor.Fail(new Failure(parent.Path(_table.Name(i)), FailedOperation.List, 0, reason));
            return;
        }

        bool wanted = parent.IsWanted;
        PathSelection? way = null;
        if (parent.Way is { } selection)
        {
            if (selection.Find(_table.Name(i)) is not { } next) { return; }
            wanted = next.IsNamed && tools.Filter.WantsRoot;
            way = next.IsNamed ? null : next;
        }

        if (way is null && !tools.Filter.TakesAll)
        {
            byte[] path = parent.Path(_table.Name(i));
            bool isDirectory = _table.Stat(i).Kind == EntryKind.Directory;
            if (tools.Filter.Drops(path, isDirectory)) { return; }
            wanted = tools.Filter.Wants(path, isDirectory, wanted);
        }

        if ((wanted || way is not null) && _clashes.Has(_table.Name(i)))
        {
            context.Monitor.Fail(new Failure(parent.Path(_table.Name(i)), FailedOperation.Write, Errno.EEXIST,
                "another name in its directory is the same in the target, where case does not count"));
            return;
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
                    IsWanted = wanted, Way = way,
                }, details.ChildTree));
        }
        else if (!wanted) { return; }
        else if (tools.Survey is { } survey) { LookAt(survey, parent.Target, parent.Path(_table.Name(i)), _table, i); }
        else if (parent.Ensure(context, tools) is { } target) { PlanEntry(target, _table, i); }
    }

    private void PlanEntry(TargetDirectory target, EntryTable table, int i)
    {
        EntryStat stat = table.Stat(i);
        ReadOnlySpan<byte> name = table.Name(i), details = table.Details(i);
        if ((table.Flags(i) & EntryFlags.Torn) != 0) { context.Monitor.AddTorn(target.RelativePath(name)); }
        try
        {
            if (!FurtherNames.Takes(target, name, in stat, details)) { PlanContent(target, name, in stat, details); }
        }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
        {
            context.Monitor.Fail(new Failure(target.RelativePath(name), FailedOperation.Read, 0, e.Message));
        }
    }

    private void PlanContent(TargetDirectory target, ReadOnlySpan<byte> name, in EntryStat stat, ReadOnlySpan<byte> details)
    {
        Standing standing = default;
        if (context.Inspector is not null)
        {
            ulong group = LinkIdentity.Of(in stat, details);
            standing = context.Inspector.Look(target, name, in stat, details, group);
            if (!Settle(in standing, target, name, in stat, details, group)) { return; }
        }
        else
        {
            EarlierRuns.Found found = context.Look(target, name, in stat, out TargetFileId id);
            if (found == EarlierRuns.Found.Whole) { context.Links.Made(LinkIdentity.Of(in stat, details), id); }
            if (found != EarlierRuns.Found.Nothing)
            {
                context.Found(found, target, name, in stat);
                return;
            }
        }

        if (stat.Kind == EntryKind.File)
        {
            PlanFile(target, name, in stat, details, in standing);
            return;
        }

        bool replaces = standing.Verdict == PlaceVerdict.Replace;
        RestoreOutcome outcome = tools.Specials.Create(target, name, in stat, DetailsCodec.Decode(stat.Kind, details), replaces);
        if (!outcome.Ok) { context.Fail(target, name, in outcome); }
        if (!outcome.Created) { return; }
        context.Links.Made(LinkIdentity.Of(in stat, details), outcome.Id);
        context.Monitor.AddOther();
        context.Written(target, name, stat.Kind, replaces);
    }

    /// <summary>Deals with what stands where an entry is to be; true if the entry is to be written.</summary>
    private bool Settle(in Standing standing, TargetDirectory target, ReadOnlySpan<byte> name, in EntryStat stat, ReadOnlySpan<byte> details,
        ulong group)
    {
        switch (standing.Verdict)
        {
            case PlaceVerdict.Nothing: return true;
            case PlaceVerdict.Whole: context.Monitor.AddUnchanged(); break;
            case PlaceVerdict.Metadata:
                RestoreOutcome outcome = context.Inspector!.Adjuster.Adjust(target, name, standing.Id, in stat,
                    DetailsCodec.Decode(stat.Kind, details));
                if (!outcome.Ok) { context.Fail(target, name, in outcome); }
                context.Monitor.AddMetadata();
                context.Monitor.Tell(EntryChange.Metadata, target, name, stat.Kind);
                break;
            case PlaceVerdict.LeftAlone:
                context.Monitor.AddLeftAlone();
                return false;
            default:
                int error = tools.Obstacles!.Clear(target, name.ToArray(), target.RelativePath(name), standing.Stat, stat.Kind);
                if (error == 0) { return true; }
                outcome = RestoreOutcome.InTheWay(error, standing.Stat.Kind);
                context.Fail(target, name, in outcome);
                return false;
        }

        context.Links.Made(group, standing.Id);
        return false;
    }

    private void PlanFile(TargetDirectory target, ReadOnlySpan<byte> name, in EntryStat stat, ReadOnlySpan<byte> details,
        in Standing standing)
    {
        // Most files are one slice of one chunk: they are planned without an object of their own.
        ExtentReader extents = DetailsCodec.InlineExtents(details);
        bool isListed = !DetailsCodec.ExtentList(details).IsNone, hasData = false;
        bool replaces = standing.Verdict == PlaceVerdict.Replace;
        bool isThere = standing.KeepsInode || standing.WritesInto;
        int count = 0;
        Extent first = default;
        while (!isListed && !(hasData && count > 1) && extents.MoveNext())
        {
            if (count++ == 0) { first = extents.Current; }
            hasData |= !extents.Current.IsHole;
        }

        if (isThere || isListed || hasData && !(count == 1 && first.Length == stat.Size))
        {
            PlanLarge(target, name, in stat, details, in standing);
        }
        else if (hasData)
        {
            ChunkLocation location = Locate(in first);
            target.AddReference();
            if (!workers!.Queue.AddSmall(target, name, in stat, details, in first, in location, replaces)) { workers!.Rethrow(); }
        }
        else
        {
            if (extents.Length != stat.Size)
            {
                throw VarveException.Damaged(s_extents, $"they cover {extents.Length} bytes of {stat.Size}");
            }
            target.AddReference();
            if (!workers!.Queue.AddBare(target, name, in stat, details, replaces)) { workers!.Rethrow(); }
        }
    }

    private void PlanLarge(TargetDirectory target, ReadOnlySpan<byte> name, in EntryStat stat, ReadOnlySpan<byte> details,
        in Standing standing)
    {
        EntryDetails decoded = DetailsCodec.Decode(details);
        if (!workers!.Queue.BeginLarge()) { workers!.Rethrow(); }
        RestoreOutcome outcome = PresentContent.Begin(context, target, name, stat.Size, in standing, out RestoredFile? created,
            out PresentContent? present);
        if (created is null)
        {
            workers!.Queue.EndLarge();
            context.Fail(target, name, in outcome);
            return;
        }

        target.AddReference();
        ulong group = LinkIdentity.Of(in stat, details);
        var file = new LargeFile(context, workers!.Queue, target, created, in stat, decoded, name.ToArray(), group,
            standing.Verdict == PlaceVerdict.Replace);
        try { PlanParts(file, present, in stat, details); }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
        {
            file.PieceFailed(e.Message);
            return;
        }
        finally { present?.Dispose(); }

        file.PieceDone();
    }

    private void PlanParts(LargeFile file, PresentContent? present, in EntryStat stat, ReadOnlySpan<byte> details)
    {
        long position = 0;
        foreach (Extent extent in FileExtents.Of(details, stat.Size, _fetchList ??= FetchList))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (extent.Length > stat.Size - position) { throw VarveException.Damaged(s_extents, "they reach beyond its size"); }
            int error = 0;
            bool isThere = present?.Has(in extent, position, out error) == true;
            if (error != 0) { file.Took(error); }
            if (!extent.IsHole && !isThere)
            {
                ChunkLocation location = Locate(extent);
                file.AddPiece();
                if (!workers!.Queue.AddPart(file, in extent, in location, position)) { workers!.Rethrow(); }
            }

            position += extent.Length;
        }

        if (position != stat.Size) { throw VarveException.Damaged(s_extents, $"they cover {position} bytes of {stat.Size}"); }
    }

    private ReadOnlyMemory<byte> FetchList(ChunkId id)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _meta.Fetch(id);
    }

    private ChunkLocation Locate(in Extent extent)
    {
        if (!context.Chunks.TryLocate(extent.Chunk, extent.Offset + extent.Length, out ChunkLocation location))
        {
            throw VarveException.Damaged(Subject.Chunk(extent.Chunk), "no index run knows it");
        }
        return extent.Offset + extent.Length <= location.Length ? location
            : throw VarveException.Damaged(Subject.Chunk(extent.Chunk).Within("an extent"), "it reaches beyond the chunk's end");
    }
}
