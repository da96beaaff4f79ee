using Varve.Backup;
using Varve.Format;
using Varve.Maintain.Forget;
using Varve.Maintain.Retention;
using Varve.Model;
using Varve.Tests.Kit.Vaults;
using Varve.Tree;
using Varve.Vault.Snapshots;

namespace Varve.Tests.Maintain.Forget;

/// <summary>Snapshots are decided upon, recorded and removed.</summary>
public sealed class ForgetTests : IDisposable
{
    private readonly Forgettable _f = new();

    public void Dispose() => _f.Dispose();

    [Fact]
    public void What_no_rule_keeps_is_recorded_and_removed_and_nothing_is_missing()
    {
        ObjectName second = _f.Small.Backup().Name, third = _f.Small.Backup().Name;
        ForgetResult result = _f.Forget(Forgettable.Last(1), static r => r with { Why = "old" });
        Assert.Equal([_f.First, second], result.Decisions.Where(static d => !d.IsKept).Select(static d => d.Snapshot.Name));
        Assert.Equal([third], _f.Names());
        _f.With(repository =>
        {
            SignedNote record = Assert.Single(repository.Notes.Load(static e => throw e));
            Assert.Equal((NoteKind.Forgetting, "old"), (record.Note.Kind, record.Note.Private.Reason));
            Assert.Equal("first", record.Signature.Writer!.Label);
            Assert.Equal([_f.First, second], record.Note.Snapshots);
            Assert.True(record.Note.At > result.Decisions[^1].Snapshot.Snapshot.Start);
            return 0;
        });
        _f.RequireClean();
        BackupResult next = _f.Small.Backup();
        Assert.Equal((third, 4L, 1L), (next.Snapshot.Parent, next.Snapshot.Generation, next.Snapshot.Counts.Unchanged));
        _f.Small.RestoreExactly(next.Name);
        _f.RequireClean();
    }

    [Fact]
    public void The_newest_is_forgotten_and_the_next_goes_on_from_the_one_before()
    {
        ObjectName second = _f.Small.Backup().Name;
        _f.ForgetNamed(second);
        _f.RequireClean();
        Assert.Equal(_f.First, _f.With(static r => r.FindSnapshot("latest").Name));
        BackupResult next = _f.Small.Backup();
        Assert.Equal((_f.First, 2L, 1L), (next.Snapshot.Parent, next.Snapshot.Generation, next.Snapshot.Counts.Unchanged));
        _f.Small.RestoreExactly(next.Name);
        _f.RequireClean();
    }

    [Fact]
    public void A_thief_with_another_key_pushes_out_nothing_however_snapshots_are_grouped()
    {
        ObjectName second = _f.Small.Backup().Name;
        for (int i = 0; i < 100; i++) { _f.Add(0, _f.Small.WriteOnly); }
        foreach (Grouping by in (Grouping[])[Grouping.Lineage, Grouping.Source | Grouping.Host, Grouping.Host, Grouping.Tags])
        {
            ForgetResult result = _f.Forget(Forgettable.Last(2), r => r with { Grouping = by, IsDryRun = true });
            Assert.Equal(102, result.Decisions.Count);
            Assert.True(result.Decisions.Where(d => d.Snapshot.Name == _f.First || d.Snapshot.Name == second).All(static d => d.IsKept));
            Assert.Equal(2, result.Decisions.Count(static d => d.IsKept && d.Snapshot.Snapshot.Writer!.Label == "third"));
        }
    }

    [Fact]
    public void A_lineage_keeps_its_last_whole_snapshot_unless_it_need_not()
    {
        ObjectName second = _f.Small.Backup().Name;
        ObjectName partial = _f.Add(0, with: static s => s with { IsPartial = true });
        var tagged = new RetentionPolicy { Tags = ["none has it"] };
        VarveException e = Rig.Throws(ErrorKind.Usage, () => _f.Forget(tagged));
        Assert.Equal((Advice.AllowEmpty, second), (e.Advice, Assert.Single(e.Snapshots).Name));
        Assert.Equal([_f.First, second, partial], _f.Names());
        Assert.Empty(_f.With(static r => r.Notes.Load(static e => throw e)));
        Rig.Throws(ErrorKind.Usage, () => _f.Forget(tagged, static r => r with { IsDryRun = true }));
        _f.ForgetNamed(_f.First);
        Assert.Equal(Advice.AllowEmpty, Rig.Throws(ErrorKind.Usage, () => _f.ForgetNamed(second)).Advice);
        _f.Forget(tagged, static r => r with { AllowsEmpty = true });
        Assert.Equal([partial], _f.Names()); // newer than the last whole one
        _f.RequireClean();
    }

    [Fact]
    public void What_another_key_recorded_only_a_full_key_forgets()
    {
        ObjectName own = _f.Add(2, _f.Small.WriteOnly), newer = _f.Add(1, _f.Small.WriteOnly), second = _f.Small.Backup().Name;
        Rig.Throws(ErrorKind.WrongKey, () => _f.ForgetNamed(_f.First, key: _f.Small.WriteOnly));
        ForgetResult result = _f.Forget(Forgettable.Last(1), key: _f.Small.WriteOnly);
        Assert.Equal([own], result.Decisions.Where(static d => !d.IsKept).Select(static d => d.Snapshot.Name));
        Assert.Equal(KeepRule.Foreign, Assert.Single(Assert.Single(result.Decisions, d => d.Snapshot.Name == _f.First).Reasons).Rule);
        Assert.Equal([newer, _f.First, second], _f.Names());
        _f.RequireClean(); // its record counts of its own
        Rig.Throws(ErrorKind.WrongKey,
            () => _f.Forget(new RetentionPolicy { Tags = ["a"], KeepsFirst = true }, key: _f.Small.WriteOnly)); // it sees no tags
        Rig.Throws(ErrorKind.WrongKey, () => _f.Forget(Forgettable.Last(1), static r => r with { Grouping = Grouping.Host },
            _f.Small.WriteOnly));
        _f.Forget(Forgettable.Last(1));
        Assert.Equal([newer, second], _f.Names());
        _f.RequireClean();
    }

    [Fact]
    public void A_snapshot_that_nobody_can_read_is_forgotten_when_that_is_said_of_it()
    {
        ObjectName second = _f.Small.Backup().Name, third = _f.Small.Backup().Name;
        File.WriteAllText(_f.FileOf(second), "no snapshot");
        var damaged = new List<VarveException>();
        _f.Forget(Forgettable.Last(1), damaged: damaged.Add);
        Assert.Contains(second.ToString(), Assert.Single(damaged).Subject.Name, StringComparison.Ordinal);
        Assert.True(File.Exists(_f.FileOf(second)));
        Rig.Throws(ErrorKind.WrongKey, () => _f.With(r => r.ForgetDamaged(second.ToString()), _f.Small.WriteOnly));
        Assert.Equal(Advice.ForgetByName, Rig.Throws(ErrorKind.Usage, () => _f.With(r => r.ForgetDamaged(third.ToString()[..8]))).Advice);
        Rig.Throws(ErrorKind.NotFound, () => _f.With(static r => r.ForgetDamaged("")));
        Rig.Throws(ErrorKind.NotFound, () => _f.With(static r => r.ForgetDamaged(new string('0', 20))));
        Assert.Equal(second, _f.With(r => r.ForgetDamaged(second.ToString()[..8], isDryRun: true)));
        Assert.True(File.Exists(_f.FileOf(second)));
        Assert.Equal(second, _f.With(r => r.ForgetDamaged(second.ToString()[..8])));
        Assert.Empty(Directory.GetFiles(_f.Small.Store, second.ToString(), SearchOption.AllDirectories));
        _f.RequireClean();
    }

    [Fact]
    public void Of_a_snapshot_with_a_damaged_copy_that_copy_goes_and_the_snapshot_stays()
    {
        string place = Path.GetDirectoryName(Path.GetDirectoryName(_f.FileOf(_f.First)))!;
        File.WriteAllText(Path.Combine(place, _f.First.ToString()), "no snapshot"); // where the first programs put them
        Assert.Equal(_f.First, _f.With(r => r.ForgetDamaged(_f.First.ToString())));
        Assert.False(File.Exists(Path.Combine(place, _f.First.ToString())));
        Assert.Equal([_f.First], _f.Names());
        Assert.Empty(_f.With(static r => r.Notes.Load(static e => throw e)));
        _f.RequireClean();
    }

    [Fact]
    public void A_removal_that_a_crash_took_back_is_done_again_and_what_is_to_go_takes_no_place()
    {
        ObjectName second = _f.Small.Backup().Name, third = _f.Small.Backup().Name;
        (string file, byte[] bytes) = (_f.FileOf(third), File.ReadAllBytes(_f.FileOf(third)));
        _f.ForgetNamed(third);
        File.WriteAllBytes(file, bytes);
        Assert.Equal([_f.First, second, third], _f.Names()); // it counts until its object is gone
        ForgetResult dry = _f.Forget(Forgettable.Last(1), static r => r with { IsDryRun = true });
        Assert.Equal([second], dry.Decisions.Where(static d => d.IsKept).Select(static d => d.Snapshot.Name));
        Assert.True(File.Exists(file));
        Assert.Equal(1, _f.Forget(Forgettable.Last(1)).Finished);
        Assert.Equal([second], _f.Names());
        _f.RequireClean();
    }

    [Fact]
    public void A_pin_that_came_after_the_record_keeps_what_is_still_there()
    {
        ObjectName second = _f.Small.Backup().Name;
        (string file, byte[] bytes) = (_f.FileOf(second), File.ReadAllBytes(_f.FileOf(second)));
        _f.ForgetNamed(second);
        File.WriteAllBytes(file, bytes);
        _f.With(r => r.Pin([r.FindSnapshot(second.ToString())]));
        ForgetResult result = _f.Forget(Forgettable.Last(5));
        Assert.Equal(0, result.Finished);
        Assert.Equal([_f.First, second], _f.Names());
        _f.With(r => r.Unpin([r.FindSnapshot(second.ToString())]));
        Assert.Equal(1, _f.Forget(Forgettable.Last(5)).Finished);
    }

    [Fact]
    public void A_dry_run_writes_nothing()
    {
        _f.Small.Backup();
        string[] before = [.. Directory.GetFiles(_f.Small.Store, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        ForgetResult result = _f.Forget(Forgettable.Last(1), static r => r with { IsDryRun = true, CountsFreed = true });
        Assert.Equal((1, true), (result.Decisions.Count(static d => !d.IsKept), result.IsDryRun));
        Assert.Equal(before, Directory.GetFiles(_f.Small.Store, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Only_snapshots_that_are_meant_are_decided_upon_and_take_a_place()
    {
        ObjectName old = _f.Add(9, with: static s => s with { Private = s.Private! with { Tags = ["nightly"] } });
        ObjectName other = _f.Add(8), young = _f.Add(7, with: static s => s with { Private = s.Private! with { Tags = ["nightly"] } });
        ForgetResult result = _f.Forget(Forgettable.Last(1),
            static r => r with { Which = static s => s.Snapshot.Private!.Tags.Contains("nightly") });
        Assert.Equal([old, young], result.Decisions.Select(static d => d.Snapshot.Name));
        Assert.DoesNotContain(old, _f.Names());
        Assert.Equal(3, _f.Names().Count);
        Assert.Contains(other, _f.Names());
        Assert.Empty(_f.Forget(Forgettable.Last(1), static r => r with { PolicyOf = static _ => null }).Decisions);
        Rig.Throws(ErrorKind.NotFound,
            () => _f.Forget(Forgettable.Last(1), static r => r with { Filter = new SourceFilter { Host = "none" } }));
    }

    [Fact]
    public void Groups_by_tags_have_a_policy_each()
    {
        ObjectName a = _f.Add(9, with: static s => s with { Private = s.Private! with { Tags = ["a", "b"] } });
        ObjectName b = _f.Add(8, with: static s => s with { Private = s.Private! with { Tags = ["b", "a"] } });
        ObjectName c = _f.Add(7, with: static s => s with { Private = s.Private! with { Tags = ["a"] } });
        _f.Forget(Forgettable.Last(1), static r => r with { Grouping = Grouping.Tags });
        Assert.DoesNotContain(a, _f.Names());
        Assert.Equal(new HashSet<ObjectName> { _f.First, b, c }, [.. _f.Names()]);
    }

    [Fact]
    public void Many_cost_one_record_and_a_removal_each()
    {
        using var rig = new Rig();
        File.WriteAllText(Path.Combine(rig.Source, "a"), "1");
        ObjectName parent = rig.Backup().Name;
        for (int i = 2; i <= 200; i++)
        {
            using Repository writer = rig.Open();
            Snapshot before = writer.SnapshotStore.Read(parent);
            (ObjectName name, byte[] bytes) = writer.SnapshotStore.Seal(before with { Generation = i, Parent = parent });
            writer.Store.Put(ObjectKeys.Snapshot(before.SourceId, name), bytes);
            parent = name;
        }

        var store = new Kit.Stores.FaultStore(rig.Store);
        using (Repository repository = rig.Open(store))
        {
            repository.Snapshots(); // as they are in the cache from the second time on
            store.Log.Clear();
            ForgetResult result = repository.Forget(Forgettable.All(Forgettable.Last(20)), static e => throw e);
            Assert.Equal(180, result.Decisions.Count(static d => !d.IsKept));
        }

        Assert.Equal(180, store.Log.Count(static o => o.StartsWith("delete snapshots/", StringComparison.Ordinal)));
        Assert.Single(store.Log, static o => o.StartsWith("put ", StringComparison.Ordinal));
        Assert.InRange(store.Log.Count, 182, 200);
        rig.RequireClean("after it");
    }

    [Fact]
    public void A_pin_that_comes_while_it_is_recorded_is_seen()
    {
        using var rig = new Rig();
        File.WriteAllText(Path.Combine(rig.Source, "a"), "1");
        ObjectName first = rig.Backup().Name;
        rig.Backup();
        var store = new Kit.Stores.HookStore(rig.Store);
        bool isPinned = false;
        store.Before = operation =>
        {
            if (isPinned || !operation.StartsWith("put notes/", StringComparison.Ordinal)) { return; }
            isPinned = true;
            using Repository other = rig.Open();
            other.Pin([other.FindSnapshot(first.ToString())]);
        };
        using Repository repository = rig.Open(store);
        ForgetResult result = repository.Forget(Forgettable.All(Forgettable.Last(1)), static e => throw e);
        Assert.True(isPinned);
        Assert.Equal(KeepRule.Pinned, Assert.Single(result.Decisions[0].Reasons).Rule);
        Assert.Equal(2, rig.Snapshots().Count);
        rig.RequireClean("after it");
    }
}
