using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Varve.Format;
using Varve.History;
using Varve.Lookup;
using Varve.Maintain.Check;
using Varve.Model;
using Varve.Model.Snapshots;
using Varve.Pack;
using Varve.Seal;
using Varve.Store;
using Varve.Tests.Kit;
using Varve.Tree;
using Varve.Vault;
using Varve.Vault.Open;
using Varve.Vault.Runs;
using Varve.Vault.Snapshots;

namespace Varve.Tests.Golden.Shared;

/// <summary>
/// What the library makes of a repository, as lines of text: of each object what it says, who signed it and what it is worth.
/// <c>read_v1.py --tell</c> writes the same lines from the repository alone. Names and ids have their first 16 digits; bytes other than
/// letters, digits and <c>._-/</c> are written %XX. Nothing in it depends on when or where it is asked for.
/// </summary>
internal sealed class SharedText
{
    private readonly Repository _repository;
    private readonly Dictionary<Bytes32, string> _writers = [], _histories = [];
    private readonly List<string> _lines = [];

    private SharedText(Repository repository) => _repository = repository;

    /// <summary>All lines but those of files, which a restore tells; in no order.</summary>
    internal static IReadOnlyList<string> Of(Repository repository)
    {
        var text = new SharedText(repository);
        IReadOnlyList<SignedNote> notes = repository.Notes.Load(static e => throw e);
        (ObjectName Name, Snapshot Snapshot)[] all =
            [.. repository.SnapshotStore.Present().Select(n => (n, repository.SnapshotStore.Read(n)))];
        // What is signed falsely is of none.
        IEnumerable<Lineage> lineages = all.Where(static s => s.Snapshot.Signature != SignatureState.Invalid)
            .Select(static s => s.Snapshot.Lineage).Concat(notes.SelectMany(static n => n.Note.Continues.Append(n.Note.Lineage)));
        foreach (Lineage lineage in lineages) { text._histories[lineage.Id] = Text(lineage); }
        foreach (WriterIdentity writer in all.Select(static s => s.Snapshot.Writer).Concat(notes.Select(static n => n.Signature.Writer))
            .OfType<WriterIdentity>())
        {
            text._writers[writer.Uid] = Text(writer);
        }

        text.Sessions();
        text.PruneRecords();
        text.Runs();
        foreach (SignedNote note in notes) { text.Note(note); }
        foreach ((ObjectName name, Snapshot snapshot) in all) { text.Snapshot(name, snapshot); }
        text.Found();
        return text._lines;
    }

    /// <summary>The first digits of the name of a snapshot, as they begin its lines.</summary>
    internal static string Short(ObjectName name) => name.ToString()[..16];

    private void Add(string line) => _lines.Add(line);

    private void Sessions()
    {
        foreach (StoreObject item in _repository.Store.List(ObjectKeys.Sessions))
        {
            byte[] bytes = _repository.Store.Get(item.Key, Limits.MaxSmallObject)!;
            SessionJson.Verify(bytes);
            JsonNode json = JsonNode.Parse(bytes)!;
            string id = item.Key[ObjectKeys.Sessions.Length..][..16];
            if (json["session"]!.GetValue<int>() > 1) { Add($"session {id} version={json["session"]}"); }
            else { Add($"session {id} kind={json["kind"]} life={json["life"]} refresh={json["refresh"]} host={json["host"]}"); }
        }
    }

    private void PruneRecords()
    {
        ForEach(ObjectKeys.Condemned, RecordKind.Condemned, CondemnedCodec.Decode, (name, list) =>
            $"session={Text(list.Session)} packs={Text(list.Packs)}");
        ForEach(ObjectKeys.Final, RecordKind.Final, FinalMarkCodec.Decode, static (name, mark) =>
            $"list={Short(mark.List)} session={Text(mark.Session)}");
        ForEach(ObjectKeys.Fences, RecordKind.Fence, FenceCodec.Decode, static (name, list) =>
            $"entries={string.Join(';', list.Entries.Select(static e => Text(e.Session) + (e.Decided is null ? "" : ":" + Text(e.Decided))))} "
            + $"replaces={Text(list.Replaced)}");
    }

    private void ForEach<T>(string prefix, RecordKind kind, Func<ReadOnlySpan<byte>, T> decode, Func<ObjectName, T, string> text)
    {
        foreach (StoreObject item in _repository.Store.List(prefix))
        {
            ObjectName name = ObjectKeys.Name(item.Key);
            OpenedRecord record = _repository.Records.Open(kind, name, _repository.Store.Get(item.Key, Limits.MaxListing)!);
            Add($"{prefix.TrimEnd('/')} {Short(name)} by={Text(record.Signature)} {text(name, decode(record.Public))}");
        }
    }

    private void Runs()
    {
        IReadOnlyList<RunOrigin> origins = _repository.Indexes.Origins;
        var superseded = new SupersededRuns(_repository.Store, _repository.Indexes.Chunks);
        HashSet<ObjectName> leftOut = superseded.Find(origins, new HashSet<ObjectName>());
        foreach (RunOrigin run in origins)
        {
            string by = run.Signature == SignatureState.Valid ? _writers[run.Signer] : Text(new Signature(run.Signature, null));
            Add($"run {Short(run.Run)} by={by} counts={(leftOut.Contains(run.Run) ? "no" : "yes")} session={Text(run.Session)} "
                + $"packs={Text(Packs(run.Run))} supersedes={Text(run.Superseded)}");
        }
    }

    /// <summary>From the run itself: an index does not tell what one that is superseded lists.</summary>
    private List<ObjectName> Packs(ObjectName run)
    {
        byte[] bytes = _repository.Store.Get(ObjectKeys.Run(run), Limits.MaxListing)!;
        byte[] plain = _repository.Objects.Open(ObjectType.IndexRun, ObjectMagic.Index, bytes.AsSpan(ObjectMagic.Length));
        var packs = new List<ObjectName>();
        var listing = new PackListingReader(plain);
        while (listing.NextPack()) { packs.Add(listing.Name); }
        return packs;
    }

    private void Note(SignedNote signed)
    {
        Note note = signed.Note;
        string at = Time(note.At), until = note.Until is { } time ? Time(time) : "none";
        string lineage = note.Lineage.Source.IsZero ? "none" : Text(note.Lineage);
        Add($"note {Short(signed.Name)} kind={(int)note.Kind} at={at} by={Text(signed.Signature)} lineage={lineage} "
            + $"joins={string.Join(',', note.Continues.Select(Text))} snapshots={Text(note.Snapshots)} "
            + $"withdraws={Text(note.Withdrawn)} until={until}");
        NotePrivate said = note.Private;
        Add($"note {Short(signed.Name)} name={Text(said.Name)} former={Text(said.FormerName)} host={Text(said.Host)} "
            + $"root={Manifest.Escape(said.Root)} adds={Text(said.Added)} removes={Text(said.Removed)} why={Text(said.Reason)}");
    }

    private void Snapshot(ObjectName name, Snapshot snapshot)
    {
        SnapshotPrivate said = snapshot.Private!;
        string key = _repository.SnapshotStore.KeyOf(name), id = Short(name);
        string place = key == ObjectKeys.OldSnapshot(name) ? "none" : key.Split('/')[1];
        string standing = _repository.Fences.List().Of(name, snapshot.Session).ToString().ToLowerInvariant();
        string history = _histories.TryGetValue(snapshot.HistoryId, out string? known) ? known : "none";
        string by = Text(new Signature(snapshot.Signature, snapshot.Writer)), source = snapshot.SourceId.ToString()[..16];
        string parent = snapshot.Parent.IsNone ? "none" : Short(snapshot.Parent), tree = snapshot.RootTree.ToString()[..16];
        Add($"snapshot {id} place={place} standing={standing} by={by} source={source} history={history} "
            + $"generation={snapshot.Generation} parent={parent} session={Text(snapshot.Session)}");
        Add($"snapshot {id} called={Text(said.Source)} host={Text(said.Host)} user={Text(said.User)} "
            + $"root={Manifest.Escape(said.CanonicalRoot)} tags={Text(Recorded(name, key))} "
            + $"start={Time(snapshot.Start)} end={Time(snapshot.End)} tree={tree} "
            + $"partial={Bit(snapshot.IsPartial)} failed={Bit(snapshot.HasFailures)} moving={Bit(snapshot.FlagsMoving)}");
        SnapshotCounts n = snapshot.Counts;
        long[] counts =
        [
            n.Files, n.Directories, n.Symlinks, n.Others, n.Bytes, n.Failed, n.New, n.Changed, n.MetadataOnly, n.Unchanged, n.Gone,
            n.BytesRead, n.BytesAdded, n.BytesStored,
        ];
        Add($"snapshot {id} counts={string.Join(',', counts)} moved={n.Moved} pending={n.PendingFiles},{n.PendingBytes} "
            + $"left-out={Text(n.LeftOut)}");
        string pinned = snapshot.Pin is not { } pin ? "no" : pin.Until is { } until ? Time(until) : "always";
        Add($"said snapshot {id} tags={Text(said.Tags.Order(StringComparer.Ordinal))} pinned={pinned}");
        var info = new SnapshotInfo(name, snapshot);
        Lists(id, info);
        Flags(id, snapshot);
    }

    /// <summary>The tags that it was made with.</summary>
    private IReadOnlyList<string> Recorded(ObjectName name, string key)
    {
        OpenedRecord record = _repository.Records.Open(RecordKind.Snapshot, name, _repository.Store.Get(key, Limits.MaxSnapshot)!);
        return SnapshotCodec.ParsePrivate(record.Private!).Tags;
    }

    private void Lists(string id, SnapshotInfo info)
    {
        foreach (Failure f in Lister.Failures(_repository, info))
        {
            Add($"failure {id} {Path(f.Path)} {(int)f.Operation} {f.Errno} {Text(f.Message)}");
        }

        foreach (PendingFile f in Lister.Pending(_repository, info)) { Add($"pending {id} {Path(f.Path)} {f.Size} {Time(f.Time)}"); }
        foreach (LeftOutEntry e in Lister.LeftOut(_repository, info))
        {
            Add($"mark {id} {Path(e.Path)} {(int)e.Reason} {(e.Rule is null ? "none" : Text(e.Rule))} {(int)e.Origin}");
        }
    }

    /// <summary>The entries that say something of how they were read.</summary>
    private void Flags(string id, Snapshot snapshot) =>
        GoldenTrees.ForEach(snapshot.RootTree, _repository.MetaChunks.Read, (_, table, _, _) =>
        {
            for (int i = 0; i < table.Count; i++)
            {
                if (table.Flags(i) != 0) { Add($"flags {id} {Path(table.Name(i))} {(int)table.Flags(i)}"); }
            }
        });

    /// <summary>What a check finds, and nothing else.</summary>
    private void Found()
    {
        foreach (Damage damage in Engine.Check(_repository).Damages)
        {
            Assert.Equal(Advice.AcknowledgeMissing, damage.Advice);
            if (damage.Subject.Kind == SubjectKind.Snapshot) { Add($"missing {damage.Subject.Name[..16]}"); }
            else { Add($"false {damage.Subject.Name[(damage.Subject.Name.LastIndexOf('/') + 1)..][..16]}"); }
        }
    }

    private static int Bit(bool value) => value ? 1 : 0;

    private static string Path(ReadOnlySpan<byte> path) => path.IsEmpty ? "." : Manifest.Escape(path);

    private static string Text(string text) => Manifest.Escape(Encoding.UTF8.GetBytes(text));

    private static string Text(IEnumerable<string> texts) => string.Join(',', texts.Select(Text));

    private static string Text(IEnumerable<ObjectName> names) =>
        string.Join(',', names.Select(Short).Order(StringComparer.Ordinal)) is { Length: > 0 } some ? some : "none";

    private static string Text(SessionId session) => session == default ? "none" : session.ToString()[..16];

    private static string Text(Lineage lineage) => $"{lineage.Source.ToString()[..16]}/{lineage.Writer.ToString()[..16]}";

    private static string Text(WriterIdentity writer) => $"{Text(writer.Label)}:{(int)writer.Level}:{writer.Id[..16]}";

    private static string Text(Signature signature) => signature.State switch
    {
        SignatureState.Valid => Text(signature.Writer!),
        SignatureState.Unsigned => "nobody",
        _ => signature.State.ToString().ToLowerInvariant(),
    };

    private static string Text(LeftOutCounts? counts) => counts is null ? "unsaid"
        : $"{counts.Excluded},{counts.NotEntered},{counts.OtherFileSystems},{counts.OwnDirectories},{counts.KindsNotStored},{counts.Others}";

    private static string Time(FileTime time) => string.Create(CultureInfo.InvariantCulture, $"{time.Seconds}.{time.Nanoseconds:000000000}");
}
