using System.Collections.Concurrent;
using Varve.Format;
using Varve.Model;
using Varve.Model.Snapshots;
using Varve.Seal;
using Varve.Store;
using Varve.Tree;
using Varve.Vault.Objects;

namespace Varve.Vault.Snapshots;

/// <summary>
/// Snapshots in the repository: sealed, read, listed. Thread-safe. What is read is of the source that it belongs to, and called as that is,
/// by what is said of sources: which is looked up anew when names are listed. What was got once is kept on this machine, sealed, and opened
/// like what comes from the store. A void snapshot (docs/protocol.md) is in no list, and said to be there once.
/// </summary>
internal sealed class SnapshotStore(
    IStore store, RecordSealer records, NoteStore notes, FenceStore fences, Func<RecordCache?> cache, Action<Notice>? warn)
    : ISnapshotSource
{
    private readonly OneTimeNotices _notices = new(warn);
    // So many are remembered as they were opened, by key: a command asks for all of them several times.
    private const int MostOpened = 4096;

    private readonly ConcurrentDictionary<string, Snapshot> _opened = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<ObjectName, string[]> _keys = new(); // where those lie that were listed
    private volatile NoteBook? _notes;

    /// <summary>Encodes, seals and signs a snapshot: its bytes and the name they give it.</summary>
    internal (ObjectName Name, byte[] Bytes) Seal(Snapshot snapshot)
    {
        byte[] secret = SnapshotCodec.EncodePrivate(snapshot.Private
            ?? throw new ArgumentException("a writer knows the private part", nameof(snapshot)));
        return records.Seal(RecordKind.Snapshot, SnapshotCodec.EncodePublic(snapshot), secret);
    }

    /// <inheritdoc/>
    public bool SeesPrivate => records.CanOpenPrivate;

    /// <inheritdoc/>
    public LineageMap Sources => (_notes ?? Read()).Lineages;

    /// <summary>What the notes come to, as they were when they were read last.</summary>
    internal NoteBook Notes => _notes ?? Read();

    /// <inheritdoc/>
    public LineageMap Refresh() => Read().Lineages;

    private NoteBook Read()
    {
        fences.List();
        return _notes = new NoteBook(notes.Load(e => _notices.Tell(e.Subject.Name, Notice.Of(e))));
    }

    /// <inheritdoc/>
    public HashSet<ObjectName> Names()
    {
        Refresh();
        return Counting(NamesBelow(ObjectKeys.Snapshots));
    }

    /// <summary>The names of all that lie there, whether they count or not.</summary>
    internal HashSet<ObjectName> Present() => NamesBelow(ObjectKeys.Snapshots);

    /// <summary>Those that count: to tell, each has to be read, if any session was ever fenced.</summary>
    private HashSet<ObjectName> Counting(HashSet<ObjectName> names)
    {
        FenceBook book = fences.Last;
        if (!book.IsEmpty) { names.RemoveWhere(n => StandingOf(book, n) != SnapshotStanding.Counts); }
        return names;
    }

    private SnapshotStanding StandingOf(FenceBook book, ObjectName name)
    {
        if (book.IsEmpty) { return SnapshotStanding.Counts; }
        try
        {
            Snapshot snapshot = Read(name);
            SnapshotStanding standing = book.Of(name, snapshot.Session);
            if (standing == SnapshotStanding.Void) { TellVoid(name); }
            return standing;
        }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound) { return SnapshotStanding.Counts; }
    }

    private void TellVoid(ObjectName name) => _notices.Tell(name.ToString(), new Notice(Subject.Snapshot(name),
        "does not count: its writer slept too long, and was taken for dead before it was stored; what it needs may have been deleted"));

    /// <inheritdoc/>
    public HashSet<ObjectName> Names(Lineage lineage)
    {
        LineageMap sources = Refresh();
        IReadOnlyCollection<Bytes32> own = sources.SourcesOf(lineage);
        IReadOnlySet<ObjectName> adopted = sources.AdoptedBy(lineage.Id);
        var names = new HashSet<ObjectName>();
        if (lineage.Writer.IsZero || adopted.Count > 0)
        {
            names = NamesBelow(ObjectKeys.Snapshots);
            names.RemoveWhere(n => !adopted.Contains(n) && !own.Any(s => _keys[n].Any(k => ObjectKeys.IsPlaceOf(k, s))));
            return Counting(names);
        }

        foreach (Bytes32 one in own) { names.UnionWith(NamesBelow(ObjectKeys.SnapshotsOf(one))); }
        return Counting(names);
    }

    /// <inheritdoc/>
    public bool Has(ObjectName name, Lineage lineage) => StandingOf(fences.Last, name) == SnapshotStanding.Counts
        && (_keys.GetValueOrDefault(name, [ObjectKeys.OldSnapshot(name)]).Any(k => store.TryGetLength(k, out _))
        || Sources.SourcesOf(lineage).Any(s => store.TryGetLength(ObjectKeys.Snapshot(s, name), out _)));

    /// <inheritdoc/>
    public Snapshot Read(ObjectName name) => Read(name, cache());

    private Snapshot Read(ObjectName name, RecordCache? kept)
    {
        if (!_keys.ContainsKey(name)) { NamesBelow(ObjectKeys.Snapshots); }
        bool isListed = _keys.TryGetValue(name, out string[]? places);
        VarveException? damaged = null;
        foreach (string key in places ??= [ObjectKeys.OldSnapshot(name)])
        {
            try
            {
                if (ReadAt(key, name, isListed ? kept : null) is not { } snapshot) { continue; }
                if (key != places[0]) { _keys[name] = [key, .. places.Where(p => p != key)]; }
                return snapshot;
            }
            catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { damaged ??= e; }
        }

        throw damaged ?? new VarveException(ErrorKind.NotFound, Subject.Snapshot(name), "does not exist", Advice.ListSnapshots);
    }

    /// <summary>
    /// What lies at a key; null if nothing does. Whoever may add to the storage can put copies, and worse, in other places.
    /// </summary>
    private Snapshot? ReadAt(string key, ObjectName name, RecordCache? kept)
    {
        if (kept is not null && _opened.TryGetValue(key, out Snapshot? before)) { return Placed(name, before); }
        if (kept?.Snapshots?.TryGet(key, name) is { } opened) { return Open(key, name, opened); }
        if (kept?.Sealed.TryGet(key, name) is { } known)
        {
            try { return Open(key, name, known, kept); }
            catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { kept.Sealed.Remove(key, name); }
        }

        if (store.Get(key, Limits.MaxSnapshot) is not { } bytes) { return null; }
        Snapshot snapshot = Open(key, name, bytes, kept);
        kept?.Sealed.Add(key, name, bytes);
        return snapshot;
    }

    private Snapshot Open(string key, ObjectName name, byte[] bytes, RecordCache? kept)
    {
        OpenedRecord record;
        try { record = records.Open(RecordKind.Snapshot, name, bytes); }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { throw e.At(Subject.Object(key)); }
        Snapshot snapshot = Open(key, name, record);
        kept?.Snapshots?.Add(key, name, record);
        return snapshot;
    }

    private Snapshot Open(string key, ObjectName name, OpenedRecord record)
    {
        try
        {
            Snapshot snapshot = Decode(record);
            if (!ObjectKeys.IsPlaceOf(key, snapshot.Lineage.Source))
            {
                throw VarveException.Damaged(Subject.None, "it is of another source than it lies with");
            }

            if (_opened.Count < MostOpened) { _opened.TryAdd(key, snapshot); }
            return Placed(name, snapshot);
        }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { throw e.At(Subject.Object(key)); }
    }

    /// <summary>Whether one that is there was forgotten and is to go (<see cref="SnapshotNotes.IsToGo"/>).</summary>
    internal bool IsToGo(SnapshotInfo info, FileTime now) => Notes.OfSnapshots.IsToGo(info.Name, info.Snapshot.Lineage.Writer, now);

    /// <summary>Where one lies that was listed or read.</summary>
    internal string KeyOf(ObjectName name) => _keys.GetValueOrDefault(name, [ObjectKeys.OldSnapshot(name)])[0];

    /// <summary>
    /// Removes one wherever it was listed, and says whether it was there (forget_removes, docs/protocol.md). No crash brings it back: a
    /// prune may delete what it needed.
    /// </summary>
    internal bool Remove(ObjectName name) => store.Delete(_keys.GetValueOrDefault(name, [ObjectKeys.OldSnapshot(name)])) > 0;

    /// <summary>
    /// Where one lies of which nothing can be read there, by the store alone; and whether it can be read elsewhere. Both nothing for one
    /// that is not there.
    /// </summary>
    internal (IReadOnlyList<string> Damaged, bool IsReadable) Examine(ObjectName name)
    {
        NamesBelow(ObjectKeys.Snapshots);
        var damaged = new List<string>();
        bool isReadable = false;
        foreach (string key in _keys.GetValueOrDefault(name, []))
        {
            try { isReadable |= ReadAt(key, name, null) is not null; }
            catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { damaged.Add(key); }
        }

        return (damaged, isReadable);
    }

    private HashSet<ObjectName> NamesBelow(string prefix)
    {
        var names = new HashSet<ObjectName>();
        foreach (StoreObject item in store.List(prefix))
        {
            if (ObjectKeys.TryName(item.Key, out ObjectName name))
            {
                Know(name, item.Key);
                names.Add(name);
            }
        }

        return names;
    }

    private void Know(ObjectName name, string key) => _keys.AddOrUpdate(name, static (_, k) => [k],
        static (_, places, k) => places.Contains(k) ? places : [.. places, k], key);

    private Snapshot Placed(ObjectName name, Snapshot snapshot)
    {
        NoteBook notes = Notes;
        Bytes32 history = notes.Lineages.Of(name, snapshot.Lineage), writer = snapshot.Lineage.Writer;
        return snapshot with
        {
            HistoryId = history,
            Pin = notes.OfSnapshots.PinOf(name, writer),
            Private = snapshot.Private is not { } names ? null : names with
            {
                Source = notes.Lineages.NameOf(history, names.Source),
                Tags = notes.OfSnapshots.TagsOf(name, writer, names.Tags),
            },
        };
    }

    private static Snapshot Decode(OpenedRecord record) => SnapshotCodec.ParsePublic(record.Public) with
    {
        Private = record.Private is { } secret ? SnapshotCodec.ParsePrivate(secret) : null,
        Signature = record.Signature.State,
        Writer = record.Signature.Writer,
    };

    /// <inheritdoc/>
    public IReadOnlyList<SnapshotInfo> List(Action<VarveException> damaged) => List(damaged, cache());

    /// <summary>The same from the store alone, for who looks whether they are there.</summary>
    internal IReadOnlyList<SnapshotInfo> ListStored(Action<VarveException> damaged) => List(damaged, null);

    private IReadOnlyList<SnapshotInfo> List(Action<VarveException> damaged, RecordCache? kept)
    {
        Refresh();
        FenceBook book = fences.Last;
        var keys = new List<string>();
        foreach (StoreObject item in store.List(ObjectKeys.Snapshots)) { keys.Add(item.Key); }
        keys.Sort(StringComparer.Ordinal);
        kept?.KeepSnapshots(keys);
        var all = new List<SnapshotInfo>();
        var read = new HashSet<ObjectName>();
        foreach (string key in keys)
        {
            try
            {
                ObjectName name = ObjectKeys.Name(key);
                Know(name, key);
                if (ReadAt(key, name, kept) is not { } snapshot || !read.Add(name)) { continue; } // forgotten meanwhile, or a copy
                SnapshotStanding standing = book.Of(name, snapshot.Session);
                if (standing == SnapshotStanding.Void) { TellVoid(name); }
                else { all.Add(new SnapshotInfo(name, snapshot with { IsUndecided = standing == SnapshotStanding.Undecided })); }
            }
            catch (VarveException e) when (e.Kind is ErrorKind.Damaged) { damaged(e); }
        }

        return HistoryOrder.Merge(all);
    }
}
