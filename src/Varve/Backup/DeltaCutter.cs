using Varve.Delta;
using Varve.Detect;
using Varve.Model;

namespace Varve.Backup;

/// <summary>
/// Cuts large files, and those that have a signature by deltas: what stands in chunks of an earlier state is referred to, only the rest is stored (docs/decisions/0018). Makes the
/// new signature on the way. One per worker thread.
/// <para>Invariant: a signature is kept only when <see cref="Keep"/> says that what was read is the file as it stood at one moment: it held still, or this was a copy of it. Nothing
/// of another read, and nothing torn, enters the side store.</para>
/// </summary>
internal sealed class DeltaCutter : IDeltaSource
{
    private readonly RunContext _run;
    private readonly ThreadTools _tools;
    private readonly LargeFileCutter _cutter;
    private readonly DeltaRegion _region;

    // Of the file at hand.
    private DirectoryNode? _node;
    private int _entry, _row, _fd;
    private bool _hasChanged;
    private string _name = "";
    private SignatureWriter? _writer;
    private DeltaMatcher? _matcher;
    private long _regionStart;

    internal DeltaCutter(RunContext run, ThreadTools tools)
    {
        _run = run;
        _tools = tools;
        _cutter = new LargeFileCutter(run, tools);
        _region = new DeltaRegion(run, _cutter);
    }

    /// <summary>Of the file at hand, bytes that were found in chunks of its earlier state, once what was read is kept.</summary>
    internal long Found { get; private set; }

    /// <summary>Says which file comes next: entry <paramref name="i"/> of a directory, row <paramref name="k"/> of what the catalog knows of it (-1: none).</summary>
    internal void Next(DirectoryNode node, int i, int k)
    {
        Discard();
        (_node, _entry, _row) = (node, i, k);
        _hasChanged = false;
        Found = 0;
        if (k < 0 || _run.Deltas is null) { return; }
        ref EntryStat now = ref node.Listing.Stat(i), known = ref node.Known!.Stat(k);
        _hasChanged = known.Kind == EntryKind.File && (now.Size != known.Size || now.Mtime != known.Mtime);
    }

    /// <summary>Stores the file's content into the tools' details; false if it was not as long as <paramref name="size"/>.</summary>
    internal bool Cut(int fd, long size, bool mayHaveHoles)
    {
        Discard();
        if (_run.Deltas is not { } deltas || _node is null || !DeltaRun.IsCandidate(size)) { return _cutter.Cut(fd, size, mayHaveHoles); }
        byte[] path = _node.Path(_node.Listing.Name(_entry));
        _name = deltas.NameOf(path);
        if (FormerPath() is { } former) { deltas.Moved(former, path); }
        using SignatureReader? known = deltas.IsForced ? null : deltas.Store.Open(_name);
        if (known is null && !deltas.WantsSignature(size, _hasChanged)) { return _cutter.Cut(fd, size, mayHaveHoles); }
        _writer = deltas.Store.Create(size, known?.BlockSize ?? DeltaRun.BlockSizeFor(size));
        BlockSigner? signer = _writer is null ? null : new BlockSigner(_writer, deltas.Hashers);
        if (known is null) { return _cutter.Cut(fd, size, mayHaveHoles, signer); }

        _fd = fd;
        _matcher ??= new DeltaMatcher(deltas.Hashers, this);
        _matcher.Begin(known);
        _region.Begin(known, fd);
        _regionStart = 0;
        return _cutter.Cut(fd, size, mayHaveHoles, signer, Data, Hole, Flush);
    }

    /// <summary>What was read is the file as of one moment: its signature is for the next time.</summary>
    internal void Keep()
    {
        Found = _region.Referred;
        if (_writer is not null) { _run.Deltas!.Store.Keep(_writer, _name); }
        Discard();
    }

    /// <summary>What was read is not kept: it did not hold still, or there is a next try.</summary>
    internal void Discard()
    {
        _region.Clear();
        _writer?.Dispose();
        _writer = null;
    }

    /// <summary>Where the file was before it was renamed within its directory, or moved with it; null if it stands where it stood, or that is not known.</summary>
    private byte[]? FormerPath()
    {
        ulong inode = _node!.Listing.Stat(_entry).Inode;
        if ((_run.Rules & ChangeRules.IgnoreInode) != 0 || (_row >= 0 && _node.Known!.Stat(_row).Inode == inode)) { return null; }
        for (int k = 0; k < _node.Known?.Count; k++)
        {
            ref EntryStat known = ref _node.Known.Stat(k);
            if (known.Inode == inode && known.Kind == EntryKind.File && _node.Listing.Find(_node.Known.Name(k)) < 0) { return _node.Path(_node.Known.Name(k)); }
        }

        return _node.MovedFrom == 0 ? null : MovedDirectory.FormerPath(_tools.Catalog, _node, _node.Listing.Name(_entry));
    }

    private bool Data(long from, long to)
    {
        while (from < to)
        {
            long stop = _matcher!.Match(from, to, _regionStart + SignatureWriter.SectionBytes);
            if (stop < 0)
            {
                // The file is shorter than it was: it will be read again. What there is of it is stored, should it never hold still.
                long done = _matcher.Ops.Count > 0 ? Math.Max(from, _matcher.Ops[^1].End) : from;
                return Flush() && _cutter.CutRange(_fd, done, to, isAlone: false) && false;
            }

            _cutter.CountRead(stop - from);
            from = stop;
            if (from - _regionStart >= SignatureWriter.SectionBytes || _matcher.Ops.Count >= SignatureWriter.SectionExtents)
            {
                if (!Flush()) { return false; }
            }
        }

        return true;
    }

    private void Hole(long from, long to)
    {
        _matcher!.AddHole(from, to - from);
    }

    private bool Flush()
    {
        bool whole = _region.Store(_matcher!);
        if (_matcher!.Ops.Count > 0) { _regionStart = _matcher.Ops[^1].End; }
        _matcher.Clear();
        return whole;
    }

    /// <inheritdoc/>
    int IDeltaSource.Read(long offset, Span<byte> destination) => ReadFailedException.ReadFully(_fd, offset, destination, destination.Length);

    /// <inheritdoc/>
    void IDeltaSource.RunSlices(DeltaMatcher matcher, int count)
    {
        // They read from the descriptor into the window, and say what they found in the matcher: after an error, too, none may be under way when the next one, or the next file, begins.
        var jobs = new FileJob[count];
        for (int i = 0; i < count; i++) { jobs[i] = new SliceJob(matcher, i); }
        _cutter.Extents.RunAll(jobs);
    }
}
