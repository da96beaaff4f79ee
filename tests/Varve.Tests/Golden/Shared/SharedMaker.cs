using System.Security.Cryptography;
using System.Text;
using Varve.Backup;
using Varve.Format;
using Varve.History;
using Varve.Keys;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Model.Snapshots;
using Varve.Seal;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Disks;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Tree;
using Varve.Vault;
using Varve.Vault.Open;
using Varve.Vault.Snapshots;

namespace Varve.Tests.Golden.Shared;

/// <summary>
/// Makes the golden repository of several keys, as it is when three machines have used it for a while and a prune was under way: backups
/// where a backup can be had, and the codecs for what no command makes or nobody can have on demand.
/// </summary>
internal sealed class SharedMaker(ZooDirectory d)
{
    private const string Prune = "00112233445566778899aabbccddeeff", Later = "ffeeddccbbaa99887766554433221100";

    private readonly Dictionary<string, SnapshotInfo> _made = [];
    private readonly Dictionary<ObjectName, List<string>> _files = []; // of what backups made
    private int _said;

    private string Place => SharedGolden.Place;

    private string Papers => d["papers"];

    private string Photos => d["photos"];

    internal void Run()
    {
        Programs.Run("rm", "-rf", Place);
        MakeKeys();
        BackUpPapers();
        BackUpPhotos();
        Forge();
        Say();
        ListRuns();
        LeaveAsAPruneDoes();
        Programs.Run("chmod", "-R", "u+w", Place);
        IReadOnlyList<string> told = SharedGolden.ToldByPython(d, SharedGolden.Full);
        foreach ((ObjectName name, List<string> files) in _files)
        {
            string start = $"file {SharedText.Short(name)} ";
            string[] found = [.. told.Where(t => t.StartsWith(start, StringComparison.Ordinal)).Select(t => t[start.Length..])];
            if (found.Length > 0) { Assert.Equal(files, found); } // some are gone
        }

        File.WriteAllLines(GoldenTests.Place(SharedGolden.Manifest), told);
    }

    private Repository Open(string key, string host = "alpha", string? cache = null) => SharedGolden.Open(d, key, Place, host, cache);

    private void MakeKeys()
    {
        foreach (string key in SharedGolden.Keys)
        {
            string secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
            File.WriteAllText(SharedGolden.KeyFile(key), $"# Opens tests/Varve.Tests/Golden/{SharedGolden.Name}\nvarve-key-1 {secret}\n");
        }

        Credentials full = SharedGolden.Credentials(d, SharedGolden.Full);
        RepositoryOptions options = SharedGolden.Options(d, "alpha", "cache-full");
        RepositoryOpener.Create(RepositoryOpener.CreateStore(new RepositoryLocation(Place)), full, SharedGolden.Full, options,
            static h => h with { PackSize = 24 << 10, BlockSize = 8 << 10, ChunkMin = 1 << 10, ChunkAverage = 2 << 10, ChunkMax = 8 << 10 });
        using Repository repository = Open(SharedGolden.Full);
        foreach (string key in (string[])[SharedGolden.Laptop, SharedGolden.Server])
        {
            repository.AddKey(KeyLevel.Write, SharedGolden.Credentials(d, key), key);
        }

        // As the first programs made them: without identity.
        using SecretBundle opened = RepositoryOpener.Open(repository.Store, full, options).Bundle;
        using SecretBundle write = opened.ToWriteLevel();
        using var whole = SecretBundle.Of(KeyLevel.Full, opened.RepositoryId, [.. opened.ChunkIdKey], [.. opened.ChunkerKey],
            [.. opened.IndexKey], [.. opened.PrivateKey!], opened.HeaderJson);
        (string, SecretBundle)[] first = [(SharedGolden.OldFull, whole), (SharedGolden.OldWrite, write)];
        foreach ((string key, SecretBundle bundle) in first)
        {
            using var file = KeyFile.Load(SharedGolden.Credentials(d, key).KeyFilePath!);
            var slot = KeySlot.CreateWithKeyFile(bundle, file, key, "2026-11-22T10:00:00Z");
            repository.Store.Put(ObjectKeys.KeySlot(slot.Name), slot.Bytes.Span);
        }
    }

    /// <summary>The laptop's: what another key records of the same source is another lineage.</summary>
    private void BackUpPapers()
    {
        for (int state = 0; state < 4; state++)
        {
            SharedSource.WritePapers(Papers, state);
            FileClock.Settle();
            using LoopMount mount = new("tmpfs", Path.Combine(Papers, "mnt"));
            File.WriteAllText(Path.Combine(mount.Path, "elsewhere"), "not entered\n");
            ZooPosix.SetTime(ZooPosix.Path(mount.Path), 1_600_000_000, 5);
            ZooPosix.Chmod(ZooPosix.Path(mount.Path), 0x1ED);
            using Repository laptop = Open(SharedGolden.Laptop, cache: $"papers/{SharedSource.Own}");
            BackUp("laptop-" + state, laptop, Papers, o => o with { Tags = [state == 1 ? "first" : "daily"], ConfiguredExcludes = ["tmp/"] });
        }

        string[] excluded = [SharedSource.Own + "/", "mnt/"];
        for (int i = 0; i < 2; i++)
        {
            using Repository full = Open(SharedGolden.Full);
            BackUp("full-" + i, full, Papers, o => o with { Excludes = [.. o.Excludes, .. excluded] });
        }

        using Repository old = Open(SharedGolden.OldWrite);
        BackUp("first", old, Papers, o => o with { Excludes = [.. o.Excludes, .. excluded] });
    }

    private void BackUpPhotos()
    {
        SharedSource.WritePhotos(Photos);
        FileClock.Settle();
        for (int i = 0; i < 3; i++)
        {
            using Repository server = Open(SharedGolden.Server, "beta");
            BackUp("server-" + i, server, Photos, o => o with { Budget = i < 2 ? 12_000 : null, NewestFirst = true });
        }

        for (int i = 0; i < 2; i++)
        {
            using Repository old = Open(SharedGolden.OldFull, "beta");
            BackUp("old-" + i, old, Photos, static o => o);
        }
    }

    private void BackUp(string name, Repository repository, string source, Func<BackupOptions, BackupOptions> with)
    {
        bool isPapers = source == Papers;
        BackupResult result = Engine.Backup(repository, source, o => with(o with
        {
            CanonicalRoot = Encoding.UTF8.GetBytes(isPapers ? SharedSource.Papers : SharedSource.Photos),
            Source = isPapers ? "papers" : "photos",
            OneFileSystem = true,
            Excludes = ["*.o"],
            Workers = 1,
        }));
        Assert.Equal(0, result.FailureCount);
        _made[name] = new SnapshotInfo(result.Name, result.Snapshot);
        using Repository reader = Open(SharedGolden.Full, cache: "cache-reader");
        string[] left = [.. Paths(reader, _made[name])];
        _files[result.Name] = [.. Manifest.Of(source).Where(line => !left.Any(p => line.StartsWith(p, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal)];
    }

    /// <summary>How the lines of files begin that the snapshot is not to have.</summary>
    private static IEnumerable<string> Paths(Repository repository, SnapshotInfo info)
    {
        foreach (PendingFile file in Lister.Pending(repository, info)) { yield return Manifest.Escape(file.Path) + ' '; }
        foreach (LeftOutEntry entry in Lister.LeftOut(repository, info))
        {
            yield return Manifest.Escape(entry.Path) + '/';
            if (entry.Reason != LeftOutReason.NotEntered) { yield return Manifest.Escape(entry.Path) + ' '; }
        }
    }

    /// <summary>Snapshots that were put by hand, and some that went.</summary>
    private void Forge()
    {
        using Repository laptop = Open(SharedGolden.Laptop), server = Open(SharedGolden.Server), old = Open(SharedGolden.OldWrite);
        Snapshot last = _made["laptop-3"].Snapshot;
        Put("void", laptop, last with { Generation = 5, Parent = _made["laptop-3"].Name, Session = SessionId.Create() });
        Put("forged", server, _made["full-0"].Snapshot with { Generation = 9, Parent = _made["laptop-3"].Name, Session = last.Session });

        // As the first programs stored them: in no source's place, without generation and session.
        Put("oldest", old, _made["first"].Snapshot with { Generation = 0, Session = default, Parent = default }, isOldPlace: true);
        Snapshot before = _made["server-2"].Snapshot;
        using var forger = new RunForger(server.Store, SharedGolden.Credentials(d, SharedGolden.Server),
            SharedGolden.Options(d, "beta", "cache-server"));
        SessionId session = SessionId.Create();
        var odd = new SharedOddTree(forger, session);
        Put("odd", server, before with
        {
            RootTree = odd.Root,
            Generation = before.Generation + 1,
            Parent = _made["server-2"].Name,
            Session = session,
            IsPartial = true,
            HasFailures = true,
            Counts = SharedOddTree.Counts,
            Private = before.Private! with { FailureList = odd.Failures, PendingList = odd.Pending, MarkList = odd.Marks },
        }, SharedOddTree.Further);
        Put("undecided", server, before with
        {
            Generation = before.Generation + 2,
            Parent = _made["odd"].Name,
            Session = SessionId.Create(),
        });
        Falsify("false", "laptop-3", laptop);
        Falsify("known", "server-2", server);
        foreach (string gone in (string[])["laptop-0", "full-0", "server-0", "old-0", "first"])
        {
            Assert.True(laptop.Store.Delete(Key(_made[gone])));
        }
    }

    private void Put(string name, Repository repository, Snapshot snapshot, byte[]? further = null, bool isOldPlace = false)
    {
        byte[] open = [.. SnapshotCodec.EncodePublic(snapshot), .. further ?? []], secret = SnapshotCodec.EncodePrivate(snapshot.Private!);
        if (further is not null) { secret = [.. secret, .. VectorFields.Of((98, [1]), (98, [2]))]; }
        (ObjectName made, byte[] bytes) = repository.Records.Seal(RecordKind.Snapshot, open, secret);
        if (further is not null)
        {
            // A part of a later writer behind the signature.
            byte[] plain = repository.Objects.Open(ObjectType.Snapshot, ObjectMagic.Snapshot, bytes.AsSpan(ObjectMagic.Length));
            bytes = [.. ObjectMagic.Snapshot, .. repository.Objects.Seal(ObjectType.Snapshot, ObjectMagic.Snapshot, [.. plain, 2, 7, 7])];
            made = new ObjectName(SHA256.HashData(bytes));
        }

        _made[name] = new SnapshotInfo(made, snapshot);
        repository.Store.Put(isOldPlace ? ObjectKeys.OldSnapshot(made) : Key(_made[name]), bytes);
    }

    /// <summary>Another snapshot with the signature of one that is there.</summary>
    private void Falsify(string name, string of, Repository repository)
    {
        byte[] plain = repository.Objects.Open(ObjectType.Snapshot, ObjectMagic.Snapshot,
            repository.Store.Get(Key(_made[of]), 1 << 20).AsSpan(ObjectMagic.Length));
        RecordSealer.Unwrap(plain, out ReadOnlySpan<byte> open, out _, out ReadOnlySpan<byte> signature);
        byte[] other = open.ToArray();
        other[open.IndexOf("varve "u8)] = (byte)'V';
        byte[] secret = repository.Content.SealPrivate(RecordKind.Snapshot, other, SnapshotCodec.EncodePrivate(_made[of].Snapshot.Private!));
        byte[] content = RecordSealer.WithSignature(RecordSealer.Parts(other, secret), signature);
        byte[] bytes = [.. ObjectMagic.Snapshot, .. repository.Objects.Seal(ObjectType.Snapshot, ObjectMagic.Snapshot, content)];
        _made[name] = new SnapshotInfo(new ObjectName(SHA256.HashData(bytes)), _made[of].Snapshot);
        repository.Store.Put(Key(_made[name]), bytes);
    }

    private static string Key(SnapshotInfo info) => ObjectKeys.Snapshot(info.Snapshot.SourceId, info.Name);

    private ObjectName Name(string snapshot) => _made[snapshot].Name;

    /// <summary>Notes of every kind, by those who may say them and by those who may not.</summary>
    private void Say()
    {
        using Repository full = Open(SharedGolden.Full), laptop = Open(SharedGolden.Laptop), server = Open(SharedGolden.Server),
            oldFull = Open(SharedGolden.OldFull), old = Open(SharedGolden.OldWrite);
        Lineage papers = laptop.OwnLineage(_made["laptop-1"].Snapshot.SourceId), photos = server.OwnLineage(_made["odd"].Snapshot.SourceId);
        Note Of(NoteKind kind, params string[] snapshots) =>
            new() { Kind = kind, At = new FileTime(1_790_000_000 + _said++, 5), Snapshots = [.. snapshots.Select(Name)] };
        NotePrivate Tagged(string[] added, string[] removed) => new() { Added = added, Removed = removed };
        full.Notes.Put(Of(NoteKind.Adoption, "oldest") with
        {
            Lineage = papers,
            Private = new NotePrivate { Host = "alpha", Root = Encoding.UTF8.GetBytes(SharedSource.Papers) },
        });
        full.Notes.Put(Of(NoteKind.Adoption) with { Lineage = photos, Continues = [oldFull.OwnLineage(photos.Source)] });
        server.Notes.Put(Of(NoteKind.Adoption) with { Lineage = server.OwnLineage(papers.Source), Continues = [papers] }); // may not
        server.Notes.Put(Of(NoteKind.Naming) with
        {
            Lineage = photos,
            Private = new NotePrivate { Name = "pictures", FormerName = "photos", Host = "beta" },
        });
        // Of its own lineage, and it tries to take over another.
        server.Notes.Put(Of(NoteKind.Naming, "laptop-1") with
        {
            Lineage = server.OwnLineage(papers.Source),
            Continues = [papers],
            Private = new NotePrivate { Name = "mine" },
        });
        laptop.Notes.Put(Of(NoteKind.Naming) with { Lineage = photos, Private = new NotePrivate { Name = "no", FormerName = "pictures" } });
        laptop.Notes.Put(Of(NoteKind.Forgetting, "laptop-0"));
        oldFull.Notes.Put(Of(NoteKind.Forgetting, "old-0", "first"));
        full.Notes.Put(Of(NoteKind.Acknowledgement, "server-0", "known"));
        old.Notes.Put(Of(NoteKind.Acknowledgement, "full-0")); // nobody signed it
        ObjectName pin = laptop.Notes.Put(Of(NoteKind.Pin, "laptop-1"));
        full.Notes.Put(Of(NoteKind.Pin, "server-2") with { Until = new FileTime(1_800_000_000, 0) });
        server.Notes.Put(Of(NoteKind.Pin, "laptop-2"));
        laptop.Notes.Put(Of(NoteKind.Tags, "laptop-1") with { Private = Tagged(["kept"], ["first"]) });
        full.Notes.Put(Of(NoteKind.Tags, "laptop-1", "server-2") with { Private = Tagged(["yearly", "first"], ["kept"]) });
        ObjectName naming = full.Notes.Put(Of(NoteKind.Naming) with
        {
            Lineage = papers,
            Private = new NotePrivate { Name = "documents", FormerName = "papers", Reason = "mistyped \u2603" },
        });
        full.Notes.Put(Of(NoteKind.Withdrawal) with { Withdrawn = [naming] });
        laptop.Notes.Put(Of(NoteKind.Withdrawal) with { Withdrawn = [pin] }); // may not
        ObjectName second = full.Notes.Put(Of(NoteKind.Pin, "laptop-3"));
        ObjectName withdrawal = full.Notes.Put(Of(NoteKind.Withdrawal) with { Withdrawn = [second] });
        full.Notes.Put(Of(NoteKind.Withdrawal) with { Withdrawn = [withdrawal] });
        full.Notes.Put(Of((NoteKind)100, "laptop-2") with { Lineage = papers, Continues = [photos], Withdrawn = [pin] });
    }

    /// <summary>
    /// Runs beside those of backups: one that supersedes, two that may not, one of the first programs, one that is signed falsely.
    /// </summary>
    private void ListRuns()
    {
        using Repository full = Open(SharedGolden.Full, cache: "cache-runs"), laptop = Open(SharedGolden.Laptop);
        RunForger Forger(string key) =>
            new(full.Store, SharedGolden.Credentials(d, key), SharedGolden.Options(d, "alpha", "cache-forger"));
        using RunForger signer = Forger(SharedGolden.Full), server = Forger(SharedGolden.Server);
        ObjectName[] runs = [.. full.Indexes.Origins.Where(o => o.Signer == laptop.Writer!.Uid).Select(static o => o.Run).Order().Take(3)];
        List<PackContents> packs = [.. full.Indexes.Listings().Where(l => runs.Contains(l.Origin))
            .Select(l => full.Footers.Read(l.Pack.Name, l.Pack.Size))];
        Assert.True(runs.Length == 3 && packs.Count > 2);
        signer.PutRun(packs, [runs[0], runs[1]]);
        signer.PutRun([packs[0]], [runs[2]]); // lacks a pack of it, so both count
        server.PutRun(packs, [.. runs]);
        server.PutRun([packs[0]], isSigned: false);
        server.PutRun([packs[1]], isSpoiled: true, further: [1, 2, 3]);
    }

    /// <summary>A prune past its last look, and what others left before it.</summary>
    private void LeaveAsAPruneDoes()
    {
        using Repository full = Open(SharedGolden.Full), server = Open(SharedGolden.Server);
        using var forger = new RunForger(full.Store, SharedGolden.Credentials(d, SharedGolden.Server),
            SharedGolden.Options(d, "beta", "cache-forger"));
        var prune = new SessionId(Convert.FromHexString(Prune));
        byte[] junk = "needed by nobody\n"u8.ToArray();
        PackContents pack = forger.PutPack(junk, new PackedChunk(forger.Hasher.Compute(junk), (uint)junk.Length));
        forger.PutRun([pack], session: prune);
        ObjectName list = Seal(full, ObjectKeys.Condemned, RecordKind.Condemned,
            CondemnedCodec.Encode(new CondemnedPacks(new FileTime(1_790_000_100, 0), prune, [pack.Name])));
        Seal(full, ObjectKeys.Final, RecordKind.Final, FinalMarkCodec.Encode(new FinalMark(list, prune)));
        Seal(server, ObjectKeys.Condemned, RecordKind.Condemned, CondemnedCodec.Encode(new CondemnedPacks(
            new FileTime(1_790_000_101, 0), prune, [full.Indexes.Listings()[0].Pack.Name]))); // no full key

        SessionId Of(string name) => _made[name].Snapshot.Session;
        ObjectName Fence(Repository by, Fence[] fences, params ObjectName[] replaced) =>
            Seal(by, ObjectKeys.Fences, RecordKind.Fence, FenceCodec.Encode(new FenceList(fences, replaced)));
        ObjectName first = Fence(full, [new(Of("laptop-2"), null), new(Of("void"), null), new(Of("undecided"), null)]);
        Fence(full, [new(Of("laptop-2"), [Name("laptop-2"), Some.Name(1)]), new(Of("void"), []), new(Of("undecided"), null)], first);
        Fence(full, [new(Of("laptop-2"), [Name("laptop-2")])]);
        Fence(server, [new(Of("laptop-3"), [])]); // no full key
        Session(full, Prune, """{"session":1,"kind":"prune","life":1800,"refresh":3,"host":"gamma","pid":7,"started":"2026-11-22T10:00:00Z","refreshed":"2026-11-22T10:15:00Z","further":[1]}""");
        Session(full, Later, """{"session":2,"what":"a later version says"}""");
        full.Store.Put("later/object", "of a later writer"u8);
    }

    private static ObjectName Seal(Repository repository, string prefix, RecordKind kind, byte[] open)
    {
        (ObjectName name, byte[] bytes) = repository.Records.Seal(kind, [.. open, .. VectorFields.Of((99, [1]), (99, []))], []);
        repository.Store.Put(prefix + name, bytes);
        return name;
    }

    private static void Session(Repository repository, string id, string json) =>
        repository.Store.Replace(ObjectKeys.Sessions + id, Encoding.UTF8.GetBytes(json));
}
