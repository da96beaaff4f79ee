using System.Text;
using Varve.Backup;
using Varve.Backup.Commit;
using Varve.Backup.Sources;
using Varve.Format;
using Varve.History;
using Varve.Model;
using Varve.Model.Snapshots;
using Varve.Restore;
using Varve.Seal;
using Varve.Store;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Stores;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Tests.Maintain;
using Varve.Tree;
using Varve.Vault;

namespace Varve.Tests.Crash;

/// <summary>
/// What an attack on the protocol of many writers found: docs/protocol.md beside prunes, lost answers and hostile writers.
/// </summary>
[Trait("Does", "race")]
public sealed class ManyWritersTests : IDisposable
{
    private readonly Rig _rig = new();

    public ManyWritersTests()
    {
        ChangingTree.Create(_rig.Source);
        FileClock.Settle();
    }

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void A_run_that_is_carried_on_names_no_pack_that_a_prune_has_condemned()
    {
        _rig.Die("put index/");
        string[] orphans = [.. _rig.Store.List(ObjectKeys.Packs).Select(static o => o.Key)];
        Assert.NotEmpty(orphans);
        string twin = _rig.Keep(_rig.Source, "twin");
        // A prune finds packs that no run names. It condemned them, lists sessions, of which there is none, and has read the runs.
        string list;
        using (Repository repository = _rig.Open()) { list = Condemn.Put(repository, [.. orphans.Select(ObjectKeys.Name)]); }
        Directory.Delete(_rig.Source, recursive: true);
        Directory.CreateDirectory(_rig.Source);
        File.WriteAllText(Path.Combine(_rig.Source, "other"), "what there was before is gone");
        BackupResult result = _rig.Backup();
        Assert.True(result.Resumed);
        foreach (string pack in orphans) { _rig.Store.Delete(pack); }
        _rig.Store.Delete(list);
        BackupResult second = _rig.Backup(twin);
        _rig.RequireRestores(second.Name, twin, "what somebody else saved then");
    }

    [Fact]
    public void A_writer_whose_session_was_removed_between_its_last_look_and_its_snapshot_proves_what_that_relied_on()
    {
        int stored = 0;
        BackupResult result = _rig.Backup(store: new HookStore(_rig.Store)
        {
            Before = o =>
            {
                if (!o.StartsWith("put snapshots/", StringComparison.Ordinal) || Interlocked.Increment(ref stored) > 1) { return; }
                _rig.Remove(ObjectKeys.Sessions); // somebody hostile; then a prune finds no session
                _rig.Remove(ObjectKeys.Packs);
                _rig.Remove(ObjectKeys.Index);
            },
        });
        Assert.Equal(2, stored);
        _rig.RequireRestores(result.Name, _rig.Source, "what was called committed");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_put_of_a_snapshot_that_nobody_answered_leaves_the_session_whatever_the_error(bool isRetryable)
    {
        var store = new HookStore(_rig.Store)
        {
            After = o =>
            {
                if (!o.StartsWith("put snapshots/", StringComparison.Ordinal)) { return; }
                throw new VarveException(ErrorKind.Storage, Subject.None, "cannot be written: Input/output error")
                {
                    IsRetryable = isRetryable,
                };
            },
        };
        Rig.Throws(ErrorKind.Storage, () => _rig.Backup(store: store));
        Assert.Single(_rig.Store.List(ObjectKeys.Sessions));
    }

    [Fact]
    public void A_fence_that_is_listed_and_cannot_be_got_yet_is_not_taken_for_none()
    {
        var store = new BlindStore(_rig.Store);
        store.BeforePut = key =>
        {
            if (!key.StartsWith(ObjectKeys.Snapshots, StringComparison.Ordinal) || store.Blind.Count > 0) { return; }
            string session = Assert.Single(_rig.Store.List(ObjectKeys.Sessions)).Key;
            using Repository repository = _rig.Open();
            ObjectName fence = Condemn.Fence(repository, new Fence(new SessionId(Convert.FromHexString(session[9..])), []));
            store.Blind.Add(ObjectKeys.Fences + fence);
        };
        BackupResult? result = null;
        try { result = _rig.Backup(store: store); }
        catch (VarveException) { /* it may give up, or carry on */ }
        if (result is not null) { Assert.Contains(_rig.Snapshots(), s => s.Name == result.Name); }
    }

    [Fact]
    public void What_a_killed_run_saw_of_a_removable_root_is_not_kept_unproved_when_that_is_not_there()
    {
        string drive = _rig["drive"];
        Directory.CreateDirectory(Path.Combine(_rig.Source, "usb"));
        Directory.CreateDirectory(Path.Combine(drive, "d"));
        File.WriteAllBytes(Path.Combine(drive, "one"), Desk.Bytes(1, 50_000));
        FileClock.Settle();
        WithDrive(_rig.Store);
        HashSet<string> before = [.. _rig.Store.List("").Select(static o => o.Key)];
        File.WriteAllBytes(Path.Combine(drive, "new"), Desk.Bytes(2, 50_000));
        File.WriteAllBytes(Path.Combine(drive, "d", "deep"), Desk.Bytes(3, 50_000));
        FileClock.Settle();
        Assert.Throws<InvalidOperationException>(() => WithDrive(_rig.Dying("put snapshots/")));
        // A prune took it for dead and deleted what it stored.
        foreach (StoreObject o in _rig.Store.List("").ToArray()) { if (!before.Contains(o.Key)) { _rig.Store.Delete(o.Key); } }
        Directory.Move(drive, _rig["drawer"]);
        BackupResult result = WithDrive(_rig.Store);
        Assert.True(result.Resumed);
        _rig.Restore(result.Name, out RestoreResult restored);
        Assert.Equal([], restored.Failures.Select(f => $"{PathText.Of(f.Path)}: {f.Message}"));
    }

    [Fact]
    public void Two_backups_at_once_with_one_repository_do_not_rely_on_what_the_other_has_not_stored()
    {
        string[] sources = [_rig["a"], _rig["b"]];
        foreach (string source in sources)
        {
            Directory.CreateDirectory(source);
            File.WriteAllBytes(Path.Combine(source, "same"), Desk.Bytes(7, 100_000));
        }

        FileClock.Settle();
        using ManualResetEventSlim begun = new(), held = new(), goOn = new();
        int puts = 0;
        using Repository repository = _rig.Open(new HookStore(_rig.Store)
        {
            Before = o =>
            {
                if (!o.StartsWith("put packs/", StringComparison.Ordinal) || Interlocked.Increment(ref puts) > 1) { return; }
                held.Set();
                Assert.True(goOn.Wait(60_000));
                throw new VarveException(ErrorKind.Storage, Subject.None, "the network is gone");
            },
        });
        int counted = 0;
        var monitor = new BackupMonitor
        {
            Counted = _ =>
            {
                if (Interlocked.Increment(ref counted) > 1) { return; }
                begun.Set();
                held.Wait(3_000); // one may have to wait for the other
            },
        };
        var results = new BackupResult?[2];
        void Save(int i, BackupMonitor? watched)
        {
            try { results[i] = Engine.Backup(repository, sources[i], monitor: watched); }
            catch (VarveException e) when (e.What == "the network is gone") { /* one of them */ }
        }

        var one = new Thread(() => Save(1, monitor));
        one.Start();
        Assert.True(begun.Wait(60_000));
        var other = new Thread(() => Save(0, null));
        other.Start();
        Assert.True(SpinWait.SpinUntil(() => monitor.Read().Files > 0, 60_000));
        goOn.Set();
        one.Join();
        other.Join();
        Assert.Contains(results, static r => r is not null);
        for (int i = 0; i < 2; i++)
        {
            if (results[i] is { } made) { _rig.RequireRestores(made.Name, sources[i], $"{i}, which was called committed"); }
        }
    }

    [Theory]
    [InlineData("replace sessions/")] // a prune that saw no session
    [InlineData("put snapshots/")] // one that fenced it
    public void A_pack_that_only_its_footer_told_of_is_looked_for_when_a_session_begins(string at)
    {
        _rig.Die("put index/");
        string[] orphans = [.. _rig.Store.List(ObjectKeys.Packs).Select(static o => o.Key)];
        string twin = _rig.Keep(_rig.Source, "twin");
        _rig.Store.Put(ObjectKeys.Run(Some.Name(9)), [1, 2, 3]); // a damaged run: packs are read by their footers
        int times = 0;
        BackupResult result = _rig.Backup(twin, store: new HookStore(_rig.Store)
        {
            Before = o =>
            {
                if (!o.StartsWith(at, StringComparison.Ordinal) || Interlocked.Increment(ref times) > 1) { return; }
                foreach (StoreObject session in _rig.Store.List(ObjectKeys.Sessions).ToArray())
                {
                    using Repository repository = _rig.Open();
                    Condemn.Fence(repository, new Fence(new SessionId(Convert.FromHexString(session.Key[9..])), []));
                }

                foreach (string pack in orphans) { _rig.Store.Delete(pack); }
            },
        });
        _rig.RequireRestores(result.Name, twin, "without packs that are gone");
    }

    [Fact]
    public void A_fence_that_makes_no_sense_and_that_no_full_key_signed_blocks_nobody()
    {
        using (Repository repository = _rig.Open())
        {
            repository.AddKey(KeyLevel.Write, new Credentials { KeyFilePath = _rig["thief"] }, "thief");
        }

        var key = new Credentials { KeyFilePath = _rig["thief"] };
        using (Repository thief = Repository.Open(new HookStore(_rig.Store), key, _rig.Options()))
        {
            foreach (bool isFence in (bool[])[true, false])
            {
                RecordKind kind = isFence ? RecordKind.Fence : RecordKind.Condemned;
                string prefix = isFence ? ObjectKeys.Fences : ObjectKeys.Condemned;
                (ObjectName name, byte[] bytes) = thief.Records.Seal(kind, [1, 1, 9], []);
                _rig.Store.Put(prefix + name, bytes);
            }
        }

        _rig.RequireRestores(_rig.Backup().Name, _rig.Source, "beside nonsense");
    }

    private BackupResult WithDrive(IStore store) => Within.Run(() =>
    {
        using Repository repository = _rig.Open(store);
        byte[] canonical = Encoding.UTF8.GetBytes(_rig.Source);
        return BackupRunner.Run(repository, new BackupOptions
        {
            RootPath = canonical, CanonicalRoot = canonical, RootAs = canonical,
            FurtherRoots = [new RootMapping(Encoding.UTF8.GetBytes(_rig["drive"]), [.. canonical, .. "/usb"u8]) { IsRemovable = true }],
        }, new BackupMonitor(), default);
    });

    /// <summary>A store that lists some objects and does not find them yet.</summary>
    private sealed class BlindStore(IStore inner) : IStore
    {
        internal HashSet<string> Blind { get; } = [];

        internal Action<string>? BeforePut { get; set; }

        public string Description => inner.Description;

        public bool TryGetLength(string key, out long length) => inner.TryGetLength(key, out length);

        public bool Put(string key, ReadOnlySpan<byte> bytes)
        {
            BeforePut?.Invoke(key);
            return inner.Put(key, bytes);
        }

        public void Replace(string key, ReadOnlySpan<byte> bytes) => inner.Replace(key, bytes);

        public byte[]? Get(string key, long maxLength) => Blind.Contains(key) ? null : inner.Get(key, maxLength);

        public int GetRange(string key, long offset, Span<byte> destination) => inner.GetRange(key, offset, destination);

        public IEnumerable<StoreObject> List(string prefix) => inner.List(prefix);

        public bool Delete(string key) => inner.Delete(key);
    }
}
