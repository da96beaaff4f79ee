using Varve.Backup.Content;
using Varve.Backup.Run;
using Varve.Delta;
using Varve.Detect;
using Varve.Model;

namespace Varve.Backup.Deltas;

/// <summary>
/// Cuts large files, and those that have a signature by deltas: what stands in chunks of an earlier state is referred to, only the rest is
/// stored (docs/decisions/0018). Makes the new signature on the way. One per worker thread.
/// <para>Invariant: a signature is kept only when <see cref="Keep"/> says that what was read is the file as it stood at one moment: it held
/// still, or this was a copy of it. Nothing of another read, and nothing torn, enters the side store.</para>
/// </summary>
internal sealed class DeltaCutter(
    DeltaSignatures? signatures, LargeFileCutter cutter, DeltaRegion region, RunRules rules, RunTally tally, LazyCatalog catalog)
    : IDeltaSource
{
    // Of the file at hand.
    private DirectoryNode? _node;
    private int _entry, _row, _fd;
    private bool _hasChanged;
    private string _name = "";
    private SignatureWriter? _writer;
    private DeltaMatcher? _matcher;
    private long _regionStart;

    /// <summary>Of the file at hand, bytes that were found in chunks of its earlier state, once what was read is kept.</summary>
    internal long Found { get; private set; }

    /// <summary>
    /// Says which file comes next: entry <paramref name="now"/> of a directory, row <paramref name="known"/> of what the catalog knows of
    /// it (-1: none).
    /// </summary>
    internal void Next(DirectoryNode node, int now, int known)
    {
        Discard();
        (_node, _entry, _row) = (node, now, known);
        _hasChanged = false;
        Found = 0;
        if (known < 0 || signatures is null) { return; }
        ref EntryStat stat = ref node.Listing.Stat(now), before = ref node.Known!.Stat(known);
        _hasChanged = before.Kind == EntryKind.File && (stat.Size != before.Size || stat.Mtime != before.Mtime);
    }

    /// <summary>Stores the file's content, which should be <paramref name="size"/> bytes.</summary>
    internal FileContent Cut(int fd, long size, bool mayHaveHoles)
    {
        Discard();
        if (signatures is null || _node is null || !DeltaSignatures.IsCandidate(size)) { return cutter.Cut(fd, size, mayHaveHoles); }
        byte[] path = _node.Path(_node.Listing.Name(_entry));
        _name = signatures.NameOf(path);
        if (PathBefore() is { } former) { signatures.Moved(former, path); }
        using SignatureReader? known = signatures.IsForced ? null : signatures.Store.Open(_name);
        if (known is null && !signatures.WantsSignature(size, _hasChanged)) { return cutter.Cut(fd, size, mayHaveHoles); }
        _writer = signatures.Store.Create(size, known?.CellSize ?? DeltaSignatures.CellSizeFor(size));
        CellSigner? signer = _writer is null ? null : new CellSigner(_writer, signatures.Hashers);
        if (known is null) { return cutter.Cut(fd, size, mayHaveHoles, signer); }

        _fd = fd;
        _matcher ??= new DeltaMatcher(signatures.Hashers, this);
        _matcher.Begin(known);
        region.Begin(known, fd);
        _regionStart = 0;
        return cutter.Cut(fd, size, mayHaveHoles, signer, Data, Hole, Flush);
    }

    /// <summary>Stores a stream until it ends, without a signature: nothing of it could be read again.</summary>
    internal FileContent Cut(Stream stream, out long length)
    {
        Discard();
        return cutter.Cut(stream, out length);
    }

    /// <summary>What was read is the file as of one moment: its signature is for the next time.</summary>
    internal void Keep()
    {
        Found = region.Referred;
        if (_writer is not null) { signatures!.Store.Keep(_writer, _name); }
        Discard();
    }

    /// <summary>What was read is not kept: it did not hold still, or there is a next try.</summary>
    internal void Discard()
    {
        region.Clear();
        _writer?.Dispose();
        _writer = null;
    }

    /// <summary>
    /// Where the file was before it was renamed within its directory, or moved with it; null if it stands where it stood, or that is not
    /// known.
    /// </summary>
    private byte[]? PathBefore()
    {
        ulong inode = _node!.Listing.Stat(_entry).Inode;
        if ((rules.Compare & ChangeRules.IgnoreInode) != 0 || (_row >= 0 && _node.Known!.Stat(_row).Inode == inode)) { return null; }
        for (int k = 0; k < _node.Known?.Count; k++)
        {
            ref EntryStat known = ref _node.Known.Stat(k);
            if (known.Inode == inode && known.Kind == EntryKind.File && _node.Listing.Find(_node.Known.Name(k)) < 0)
            {
                return _node.Path(_node.Known.Name(k));
            }
        }

        return _node.MovedFrom == 0 ? null : FormerPath.Of(catalog.Reader, _node, _node.Listing.Name(_entry));
    }

    private bool Data(long from, long to)
    {
        while (from < to)
        {
            cutter.ThrowIfStopped();
            long stop = _matcher!.Match(from, to, _regionStart + SignatureWriter.SectionBytes);
            if (stop < 0)
            {
                // The file is shorter than it was: it will be read again. What there is of it is stored, should it never hold still.
                long done = _matcher.Ops.Count > 0 ? Math.Max(from, _matcher.Ops[^1].End) : from;
                return Flush() && cutter.CutRange(_fd, done, to, isAlone: false) && false;
            }

            tally.CountRead(stop - from);
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
        bool whole = region.Store(_matcher!);
        if (_matcher!.Ops.Count > 0) { _regionStart = _matcher.Ops[^1].End; }
        _matcher.Clear();
        return whole;
    }

    /// <inheritdoc/>
    int IDeltaSource.Read(long offset, Span<byte> destination) => FileBytes.Read(_fd, offset, destination, destination.Length);

    /// <inheritdoc/>
    void IDeltaSource.RunSlices(DeltaMatcher matcher, int count)
    {
        // They read from the descriptor into the window, and say what they found in the matcher: after an error, too, none may be under way
        // when the next one, or the next file, begins.
        var jobs = new FileJob[count];
        for (int i = 0; i < count; i++) { jobs[i] = new SliceJob(matcher, i); }
        cutter.Extents.RunAll(jobs);
    }
}
