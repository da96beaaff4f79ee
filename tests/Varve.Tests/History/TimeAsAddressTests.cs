using System.Text;
using Varve.Backup;
using Varve.Model;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;
using Varve.Vault.Open;
using Varve.Vault.Snapshots;

namespace Varve.Tests.History;

/// <summary>Snapshots that are named by what comes after them, or by a time.</summary>
public sealed class TimeAsAddressTests : IDisposable
{
    private static readonly DateTimeOffset s_now = DateTimeOffset.UtcNow;

    private readonly Rig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void A_number_of_steps_goes_back_in_the_history_of_the_snapshot_named()
    {
        ObjectName[] made = [Backup(-40), Backup(-30), Backup(-20)];
        string other = Directory.CreateDirectory(_rig["other"]).FullName;
        ObjectName elsewhere = Backup(-25, other);
        Assert.Equal(made[2], Choose(new SnapshotQuery { Path = Bytes(_rig.Source) }));
        Assert.Equal(made[0], Choose(new SnapshotQuery { Path = Bytes(_rig.Source), Back = 2 }));
        Assert.Equal(made[1], Choose(new SnapshotQuery { Name = made[2].ToString()[..10], Back = 1 }));
        Assert.Equal(elsewhere, Choose(new SnapshotQuery { Source = "other" }));
        VarveException error = Assert.Throws<VarveException>(() => Choose(new SnapshotQuery { Name = made[1].ToString(), Back = 2 }));
        Assert.Equal((ErrorKind.NotFound, "has 1 snapshot before that, and not 2", made[0]),
            (error.Kind, error.What, Assert.Single(error.Snapshots).Name));
        Assert.Throws<VarveException>(() => Choose(new SnapshotQuery { Source = "other", Back = int.MaxValue }));
    }

    [Fact]
    public void A_time_is_the_last_snapshot_that_began_by_then()
    {
        ObjectName[] made = [Backup(-40), Backup(-30), Backup(-20)];
        Assert.Equal(made[2], At(0));
        Assert.Equal(made[1], At(-21));
        Assert.Equal(made[0], At(-31));
        Assert.Equal(made[0], At(-21, back: 1));
        FileTime start = _rig.Snapshots()[1].Snapshot.Start;
        Assert.Equal(made[1], Choose(new SnapshotQuery { NotAfter = start }));
        Assert.Equal(made[0], Choose(new SnapshotQuery { NotAfter = start.Minus(1) }));
        VarveException error = Assert.Throws<VarveException>(() => At(-41));
        Assert.Equal((ErrorKind.NotFound, "has no snapshot that old", made[0]),
            (error.Kind, error.What, Assert.Single(error.Snapshots).Name));
    }

    [Fact]
    public void The_order_is_that_of_the_history_whatever_clocks_showed()
    {
        ObjectName first = Backup(-10), back = Backup(-20), late = Backup(1000), last = Backup(-5);
        Assert.Equal(last, At(0));
        Assert.Equal(back, At(-7)); // the last in order of those that began by then
        Assert.Equal(back, At(-15));
        Assert.Equal(last, At(2000));
        Assert.Equal(late, Choose(new SnapshotQuery { Back = 1 }));
        Assert.Equal(first, Choose(new SnapshotQuery { Back = 3 }));
    }

    [Fact]
    public void A_path_chooses_the_source_and_is_found_where_its_root_was_then()
    {
        File.WriteAllText(Path.Combine(_rig.Source, "a"), "1");
        ObjectName old = Backup(-40);
        string moved = _rig["moved"];
        Directory.Move(_rig.Source, moved);
        using (Repository repository = _rig.Open()) { repository.AdoptSource(new SourceFilter { Source = "source" }, Bytes(moved)); }
        ObjectName now = Backup(-10, moved);
        Assert.Equal((now, "a"), Within(moved + "/a", 0));
        Assert.Equal((old, "a"), Within(moved + "/a", -20)); // the same entry, wherever it was
        Assert.Equal((old, "a"), Within(_rig.Source + "/a", 0));
    }

    [Fact]
    public void A_key_of_level_write_goes_back_in_the_one_source_there_is()
    {
        ObjectName[] made = [Backup(-40), Backup(-30)];
        var write = new Credentials { KeyFilePath = _rig["write"] };
        using (Repository repository = _rig.Open()) { repository.AddKey(KeyLevel.Write, write, "write"); }
        using Repository blind = Repository.Open(_rig.Store, write, _rig.Options());
        Assert.Equal(made[0], blind.ChooseSnapshot(new SnapshotQuery { Back = 1 }).Snapshot.Name);
        Assert.Equal(made[0], blind.ChooseSnapshot(new SnapshotQuery { NotAfter = Days(-35) }).Snapshot.Name);
        Assert.Equal(made[0], blind.ChooseSnapshot(new SnapshotQuery { Name = made[1].ToString(), Back = 1 }).Snapshot.Name);
    }

    private static FileTime Days(double days) => FileTime.From(s_now + TimeSpan.FromDays(days));

    private static byte[] Bytes(string path) => Encoding.UTF8.GetBytes(path);

    private ObjectName Backup(double days, string? source = null)
    {
        _rig.Time = new LaterTime(TimeSpan.FromDays(days));
        try { return _rig.Backup(source).Name; }
        finally { _rig.Time = TimeProvider.System; }
    }

    private ObjectName At(double days, int back = 0) => Choose(new SnapshotQuery { NotAfter = Days(days), Back = back });

    private (ObjectName, string) Within(string path, double days)
    {
        using Repository repository = _rig.Open();
        ChosenSnapshot chosen = repository.ChooseSnapshot(new SnapshotQuery { Path = Bytes(path), NotAfter = Days(days) });
        return (chosen.Snapshot.Name, Encoding.UTF8.GetString(chosen.Path!));
    }

    private ObjectName Choose(SnapshotQuery query)
    {
        using Repository repository = _rig.Open();
        return repository.ChooseSnapshot(query).Snapshot.Name;
    }
}
