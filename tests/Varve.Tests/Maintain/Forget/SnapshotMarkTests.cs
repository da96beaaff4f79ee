using Varve.Format;
using Varve.Maintain.Forget;
using Varve.Maintain.Retention;
using Varve.Model;
using Varve.Tests.Kit.Vaults;
using Varve.Tree;

namespace Varve.Tests.Maintain.Forget;

/// <summary>Pins and tags, which notes say: who may, what holds, and what it does to policies.</summary>
public sealed class SnapshotMarkTests : IDisposable
{
    private readonly Forgettable _f = new();

    public void Dispose() => _f.Dispose();

    [Fact]
    public void A_pinned_snapshot_is_kept_takes_no_place_and_cannot_be_forgotten_by_name()
    {
        ObjectName second = _f.Small.Backup().Name, third = _f.Small.Backup().Name;
        SnapshotInfo pinned = Assert.Single(_f.With(r => r.Pin([r.FindSnapshot(third.ToString())], why: "a release")));
        Assert.Equal(("a release", "first", null), (pinned.Snapshot.Pin!.Why, pinned.Snapshot.Pin.By.Label, pinned.Snapshot.Pin.Until));
        ForgetResult result = _f.Forget(Forgettable.Last(1));
        Assert.Equal([_f.First], result.Decisions.Where(static d => !d.IsKept).Select(static d => d.Snapshot.Name));
        Assert.Equal([second, third], _f.Names());
        Assert.Equal(Advice.Unpin, Rig.Throws(ErrorKind.Usage, () => _f.ForgetNamed(third)).Advice);
        _f.With(r => r.Unpin([r.FindSnapshot(third.ToString())]));
        _f.ForgetNamed(third);
        Assert.Equal([second], _f.Names());
        _f.RequireClean();
    }

    [Fact]
    public void A_pin_ends_when_it_says()
    {
        FileTime now = FileTime.From(TimeProvider.System.GetUtcNow());
        ObjectName second = _f.Small.Backup().Name;
        SnapshotInfo pinned = _f.With(r => r.Pin([r.FindSnapshot(_f.First.ToString())], now.Plus(3_600_000_000_000)))[0];
        Assert.True(pinned.Snapshot.Pin!.HoldsAt(now));
        Assert.False(pinned.Snapshot.Pin.HoldsAt(now.Plus(3_600_000_000_000)));
        Assert.True(_f.Forget(Forgettable.Last(1), static r => r with { IsDryRun = true }).Decisions[0].IsKept);
        _f.With(r => r.Pin([r.FindSnapshot(_f.First.ToString())], now)); // the later holds
        _f.Forget(Forgettable.Last(1));
        Assert.Equal([second], _f.Names());
    }

    [Fact]
    public void Tags_that_are_set_on_several_snapshots_take_a_note_for_each_kind_of_them()
    {
        ObjectName second = _f.Small.Backup().Name;
        ObjectName third = _f.Add(1, with: static s => s with { Private = s.Private! with { Tags = ["a", "b"] } });
        int before = _f.With(static r => r.Store.List(ObjectKeys.Notes).Count());
        IReadOnlyList<SnapshotInfo> now = _f.With(
            r => r.SetTags([.. new[] { _f.First, second, third }.Select(n => r.FindSnapshot(n.ToString()))], ["new"]));
        Assert.All(now, static s => Assert.Equal(["new"], s.Snapshot.Private!.Tags));
        Assert.Equal(before + 2, _f.With(static r => r.Store.List(ObjectKeys.Notes).Count()));
    }

    [Fact]
    public void Tags_are_those_that_were_recorded_and_what_was_said_since()
    {
        ObjectName second = _f.Add(1, with: static s => s with { Private = s.Private! with { Tags = ["a", "b"] } });
        Assert.Equal(["a", "b", "c"], Tags(r => r.ChangeTags([r.FindSnapshot(second.ToString())], [], ["c", "a"])));
        Assert.Equal(["a", "c"], Tags(r => r.ChangeTags([r.FindSnapshot(second.ToString())], ["b", "none"], [])));
        Assert.Equal(["c", "d"], Tags(r => r.SetTags([r.FindSnapshot(second.ToString())], ["d", "c"])));
        int notes = _f.With(static r => r.Notes.Load(static e => throw e).Count);
        Assert.Equal(["c", "d"], Tags(r => r.SetTags([r.FindSnapshot(second.ToString())], ["d", "c"])));
        Assert.Equal(notes, _f.With(static r => r.Notes.Load(static e => throw e).Count)); // nothing to say
        Assert.Empty(Tags(r => r.SetTags([r.FindSnapshot(second.ToString())], [])));
        Assert.Equal(["z"], Tags(r => r.ChangeTags([r.FindSnapshot(second.ToString())], [], ["z"])));
        ForgetResult result = _f.Forget(new RetentionPolicy { Tags = ["z"] }, static r => r with { IsDryRun = true });
        Assert.Equal(second, Assert.Single(result.Decisions, static d => d.IsKept).Snapshot.Name);
        _f.RequireClean();
    }

    [Fact]
    public void A_key_of_level_write_pins_and_tags_what_it_recorded_and_nothing_else()
    {
        ObjectName own = _f.Add(1, _f.Small.WriteOnly);
        _f.With(r => r.Pin([r.FindSnapshot(own.ToString())]), _f.Small.WriteOnly);
        _f.With(r => r.ChangeTags([r.FindSnapshot(own.ToString())], [], ["mine"]), _f.Small.WriteOnly);
        Assert.Equal(["mine"], _f.Read(own).Snapshot.Private!.Tags);
        Assert.Equal("third", _f.Read(own).Snapshot.Pin!.By.Label);
        Rig.Throws(ErrorKind.WrongKey, () => _f.With(r => r.Pin([r.FindSnapshot(_f.First.ToString())]), _f.Small.WriteOnly));
        Rig.Throws(ErrorKind.WrongKey,
            () => _f.With(r => r.ChangeTags([r.FindSnapshot(_f.First.ToString())], [], ["mine"]), _f.Small.WriteOnly));
        Rig.Throws(ErrorKind.WrongKey, () => _f.With(r => r.SetTags([r.FindSnapshot(own.ToString())], []), _f.Small.WriteOnly));
        Assert.Null(_f.Read(_f.First).Snapshot.Pin);
        _f.With(r => r.Unpin([r.FindSnapshot(own.ToString())])); // a full key may
        Assert.False(_f.Read(own).Snapshot.Pin!.HoldsAt(FileTime.From(TimeProvider.System.GetUtcNow())));
    }

    [Fact]
    public void What_is_said_later_holds_though_a_note_is_dated_in_the_future()
    {
        FileTime far = new(32_503_680_000, 0);
        _f.With(r => r.Notes.Put(new Note { Kind = NoteKind.Pin, At = far, Snapshots = [_f.First] }));
        ObjectName second = _f.Small.Backup().Name;
        Assert.Equal(2, _f.Forget(Forgettable.Last(1)).Decisions.Count(static d => d.IsKept));
        _f.With(r => r.Unpin([r.FindSnapshot(_f.First.ToString())]));
        _f.Forget(Forgettable.Last(1));
        Assert.Equal([second], _f.Names());
        _f.RequireClean();
    }

    private IReadOnlyList<string> Tags(Func<Repository, IReadOnlyList<SnapshotInfo>> change) =>
        [.. Assert.Single(_f.With(change)).Snapshot.Private!.Tags.Order(StringComparer.Ordinal)];
}
