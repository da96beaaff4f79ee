using Varve.Format;
using Varve.Lookup;
using Varve.Maintain.Check;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Model.Snapshots;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;
using Varve.Vault.Open;
using Varve.Vault.Runs;

namespace Varve.Tests.Vault;

/// <summary>Who signed an index run, what that is good for, and that a cache remembers it.</summary>
public sealed class SignedRunTests : IDisposable
{
    private readonly SmallRepository _small = SmallRepository.Create();
    private readonly List<RunForger> _forgers = [];

    public SignedRunTests() => MixedTree.Create(_small.Source);

    public void Dispose()
    {
        foreach (RunForger forger in _forgers) { forger.Dispose(); }
        _small.Dispose();
    }

    [Fact]
    public void A_run_is_signed_by_whoever_stored_it_and_bears_the_session_of_its_snapshot()
    {
        _small.Backup();
        MixedTree.Change(_small.Source, 1);
        _small.Backup(credentials: _small.WriteOnly);
        using Repository opened = _small.Open();
        IReadOnlyList<RunOrigin> origins = opened.Indexes.Origins;
        Assert.Equal(2, origins.Count);
        Assert.All(origins, static o => Assert.Equal(SignatureState.Valid, o.Signature));
        RunOrigin full = Assert.Single(origins, static o => o.IsFull), write = Assert.Single(origins, static o => !o.IsFull);
        Assert.Equal((Forger(_small.Credentials).Writer.Uid, Forger(_small.WriteOnly).Writer.Uid), (full.Signer, write.Signer));
        Assert.Equal(KeyLevel.Write, write.Level);
        Assert.Equal(opened.Snapshots().Select(static s => s.Snapshot.Session), [full.Session, write.Session]);
        Assert.NotEqual(full.Session, write.Session);
        WarmIsFresh();
    }

    [Fact]
    public void A_run_without_parts_is_read_further_parts_are_passed_over_and_a_signature_of_something_else_is_none()
    {
        _small.Backup();
        RunForger forger = Forger(_small.Credentials);
        PackContents[] packs = [.. Enumerable.Range(0, 4).Select(i => Pack(forger, i))];
        SessionId session = SessionId.Create();
        ObjectName bare = forger.PutRun([packs[0]], isSigned: false), further = forger.PutRun([packs[1]], session: session, further: [1, 2]),
            spoiled = forger.PutRun([packs[2]], isSpoiled: true);
        using (Repository opened = _small.Open())
        {
            Assert.Empty(opened.Indexes.Damaged);
            Assert.Equal(SignatureState.Unsigned, Origin(opened, bare).Signature);
            Assert.Equal((SignatureState.Valid, session), (Origin(opened, further).Signature, Origin(opened, further).Session));
            Assert.Equal(SignatureState.Invalid, Origin(opened, spoiled).Signature);
            for (int i = 0; i < 3; i++) { Assert.True(opened.Indexes.TryLocate(forger.Hasher.Compute(Content(i)), out _)); }
        }

        WarmIsFresh();
    }

    [Theory]
    [InlineData("full", true)]
    [InlineData("full, one pack gone", true)]
    [InlineData("full, lacks a pack", false)]
    [InlineData("write", false)]
    [InlineData("unsigned", false)]
    [InlineData("signature of something else", false)]
    public void A_run_is_left_out_only_if_a_full_key_says_so_and_every_pack_that_is_there_is_in_the_superseding_one(string how, bool leftOut)
    {
        _small.Backup();
        MixedTree.Change(_small.Source, 1);
        _small.Backup();
        RunForger forger = Forger(how == "write" ? _small.WriteOnly : _small.Credentials);
        PackContents one = Pack(forger, 1), two = Pack(forger, 2), repacked = Pack(forger, 3);
        ObjectName old = forger.PutRun([one, two]);
        using (Repository before = _small.Open()) { Assert.Equal(3, before.Indexes.Origins.Count); }
        bool lacks = how.Contains("pack", StringComparison.Ordinal);
        if (how == "full, one pack gone") { File.Delete(Path.Combine(_small.Store, ObjectKeys.Pack(two.Name))); }
        ObjectName by = forger.PutRun(lacks ? [one, repacked] : [one, two, repacked], [old], isSigned: how != "unsigned",
            isSpoiled: how == "signature of something else");
        using (Repository opened = _small.Open())
        {
            Assert.Equal(leftOut, !opened.Indexes.Listings().Any(l => l.Origin == old));
            Assert.Contains(opened.Indexes.Listings(), l => l.Origin == by);
            Assert.Equal(leftOut ? 0 : 1, opened.Indexes.Notes.Count);
        }

        CheckResult check = _small.Check(false);
        Assert.Empty(check.Damages);
        Assert.Equal(leftOut ? 0 : 1, check.Notes.Count(static n => n.Contains("supersedes", StringComparison.Ordinal)));
        WarmIsFresh();
    }

    [Fact]
    public void A_forged_run_that_supersedes_everything_hides_nothing()
    {
        _small.Backup();
        RunForger forger = Forger(_small.WriteOnly);
        ObjectName[] all;
        using (Repository opened = _small.Open()) { all = [.. opened.Indexes.Origins.Select(static o => o.Run)]; }
        forger.PutRun([Pack(forger, 1)], [.. all, .. Enumerable.Range(0, 10_000).Select(static i => Some.Name(i))]);
        _small.RestoreExactly(_small.Snapshots[0]);
        Directory.Delete(_small.Cache, recursive: true);
        _small.RestoreExactly(_small.Snapshots[0]);
        MixedTree.Change(_small.Source, 1);
        Assert.InRange(_small.Backup(force: true).Snapshot.Counts.BytesAdded, 0, 40_000);
    }

    [Fact]
    public void A_warm_cache_and_a_fresh_one_lead_to_the_same_whatever_was_merged_superseded_and_deleted_meanwhile()
    {
        var random = new Random(12);
        RunForger forger = Forger(_small.Credentials), writer = Forger(_small.WriteOnly);
        var runs = new List<(ObjectName Name, PackContents[] Packs)>();
        int next = 0;
        for (int step = 0; step < 40; step++)
        {
            RunForger by = random.Next(3) == 0 ? writer : forger;
            (ObjectName Name, PackContents[] Packs)[] old = [.. runs.Where(_ => random.Next(8) == 0)];
            PackContents[] packs = [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => Pack(forger, next++))];
            if (random.Next(4) > 0) { packs = [.. packs, .. old.SelectMany(static r => r.Packs).DistinctBy(static p => p.Name)]; }
            ObjectName[] superseded = [.. old.Select(static r => r.Name)];
            runs.Add((by.PutRun(packs, superseded, isSigned: random.Next(5) > 0, session: SessionId.Create()), packs));
            if (random.Next(4) == 0)
            {
                (ObjectName Name, PackContents[] Packs) gone = runs[random.Next(runs.Count)];
                if (runs.Count > 3 && runs.Remove(gone)) { File.Delete(Path.Combine(_small.Store, ObjectKeys.Run(gone.Name))); }
            }

            if (random.Next(6) == 0)
            {
                PackContents[] some = runs[random.Next(runs.Count)].Packs;
                File.Delete(Path.Combine(_small.Store, ObjectKeys.Pack(some[random.Next(some.Length)].Name)));
            }

            WarmIsFresh();
        }

        Assert.Contains(IndexCacheTests.CachedRuns(_small), static p => Path.GetFileName(p).StartsWith("merged-", StringComparison.Ordinal));
    }

    [Fact]
    public void A_merged_table_stays_when_one_of_its_runs_is_deleted()
    {
        RunForger forger = Forger(_small.Credentials);
        ObjectName[] runs = [.. Enumerable.Range(0, 9).Select(i => forger.PutRun([Pack(forger, i)]))];
        using (Repository once = _small.Open()) { once.LoadIndex(); }
        string merged = Assert.Single(IndexCacheTests.CachedRuns(_small),
            static p => Path.GetFileName(p).StartsWith("merged-", StringComparison.Ordinal));
        File.Delete(Path.Combine(_small.Store, ObjectKeys.Run(runs[4])));
        using (Repository opened = _small.Open())
        {
            Assert.False(opened.Indexes.Contains(forger.Hasher.Compute(Content(4))));
            Assert.True(opened.Indexes.Contains(forger.Hasher.Compute(Content(5))));
            Assert.Equal(8, opened.Indexes.Origins.Count);
        }

        Assert.True(File.Exists(merged));
        foreach (ObjectName run in runs[5..]) { File.Delete(Path.Combine(_small.Store, ObjectKeys.Run(run))); }
        using (Repository once = _small.Open()) { once.LoadIndex(); }
        Assert.False(File.Exists(merged)); // most of it was gone
        WarmIsFresh();
    }

    private void WarmIsFresh()
    {
        string[] Seen(string cache)
        {
            using Repository opened = Repository.Open(_small.Location, _small.Credentials, new RepositoryOptions { CacheRoot = cache });
            return [.. opened.Indexes.Listings().Select(static l => $"{l.Origin} {l.Pack.Name} {l.Pack.Size} {l.Pack.Listed}")
                .Concat(opened.Indexes.Origins.Select(static o =>
                    $"{o.Run} {o.Signature} {o.Level} {o.Signer} {o.Session} {string.Join(' ', o.Superseded)}"))
                .Concat(opened.Indexes.Notes).Order(StringComparer.Ordinal)];
        }

        Assert.Equal(Seen(_small["fresh-" + Guid.NewGuid().ToString("N")]), Seen(_small.Cache));
    }

    private RunForger Forger(Credentials key)
    {
        var forger = new RunForger(RepositoryOpener.OpenStore(_small.Location), key, _small.Options());
        _forgers.Add(forger);
        return forger;
    }

    private static byte[] Content(int i) => MixedTree.Bytes(50_000 + i, 300);

    private static PackContents Pack(RunForger forger, int i)
    {
        byte[] content = Content(i);
        return forger.PutPack(content, new PackedChunk(forger.Hasher.Compute(content), (uint)content.Length));
    }

    private static RunOrigin Origin(Repository opened, ObjectName run) => Assert.Single(opened.Indexes.Origins, o => o.Run == run);
}
