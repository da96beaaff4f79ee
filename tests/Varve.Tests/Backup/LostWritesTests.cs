using Varve.Platform;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Tests.Platform;

namespace Varve.Tests.Backup;

/// <summary>
/// The repository lacks what it had: its disk lost its last writes, it was set back, or copied while somebody wrote. What the source still
/// has is stored again.
/// </summary>
public sealed class LostWritesTests : IDisposable
{
    private readonly Rig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_packs_and_index_runs_that_vanished_had_is_read_again_though_nothing_changed(bool sawIt)
    {
        Write("a", "a");
        Make();
        HashSet<string> before = Keys();
        Write("dir/b", "b");
        File.WriteAllBytes(Path.Combine(_rig.Source, "dir/large"), Desk.Bytes(1, 5_000_000));
        Make();
        foreach (string key in Keys().Except(before).Where(static k => !k.StartsWith("snapshots/", StringComparison.Ordinal)))
        {
            _rig.Store.Delete(key);
        }

        // Whoever looks drops the tables of what is gone from the cache.
        if (sawIt) { Assert.NotEmpty(_rig.Check().Damages); }
        Assert.Equal(5_000_001, Make().Snapshot.Counts.BytesRead);
        AssertRestores();
        Assert.Empty(_rig.Check().Damages);
        Assert.Equal(0, Make().Snapshot.Counts.BytesRead);
    }

    [Fact]
    public void What_a_check_found_missing_is_stored_again_by_the_next_backup_though_nothing_changed()
    {
        ChangingTree.Create(_rig.Source);
        File.WriteAllBytes(Path.Combine(_rig.Source, "large"), Desk.Bytes(2, 3_000_000));
        Make();
        foreach (string key in Keys().Where(static k => k.StartsWith("packs/", StringComparison.Ordinal))) { _rig.Store.Delete(key); }
        Assert.Equal(0, Make().Snapshot.Counts.BytesRead); // the runs are there, and nobody has looked at packs
        Assert.NotEmpty(_rig.Check().Damages);
        Assert.NotEqual(0, Make().Snapshot.Counts.BytesRead);
        AssertRestores();
        Assert.Empty(_rig.Check().Damages);
    }

    [Fact]
    public void A_catalog_that_was_made_of_snapshots_is_not_believed_before_their_chunks_were_found()
    {
        Write("a", "a");
        Make();
        HashSet<string> before = Keys();
        Write("b", "b");
        Make();
        foreach (string key in Keys().Except(before).Where(static k => !k.StartsWith("snapshots/", StringComparison.Ordinal)))
        {
            _rig.Store.Delete(key);
        }

        _rig.Cache = _rig["another-cache"];
        Make();
        AssertRestores();
    }

    [Fact]
    public void A_loss_that_one_source_noticed_is_known_to_the_others_too()
    {
        Write("a", "a");
        string other = _rig["other"];
        Directory.CreateDirectory(other);
        File.WriteAllText(Path.Combine(other, "o"), "o");
        Make();
        HashSet<string> before = Keys();
        FileClock.Settle();
        _rig.Backup(other);
        Write("b", "b");
        Make();
        foreach (string key in Keys().Except(before).Where(static k => !k.StartsWith("snapshots/", StringComparison.Ordinal)))
        {
            _rig.Store.Delete(key);
        }

        Make();
        Assert.Equal(1, _rig.Backup(other).Snapshot.Counts.BytesRead);
        Assert.Equal(0, _rig.Backup(other).Snapshot.Counts.BytesRead);
    }

    [Fact]
    public void Whoever_could_not_read_all_again_proves_all_the_next_time_too()
    {
        Write("a", "a");
        Make();
        HashSet<string> before = Keys();
        Write("b", "b");
        Make();
        foreach (string key in Keys().Except(before).Where(static k => !k.StartsWith("snapshots/", StringComparison.Ordinal)))
        {
            _rig.Store.Delete(key);
        }

        using (new SystemCallWatch(static (call, _, name) =>
            call == SystemCall.Open && name.SequenceEqual("b"u8) ? Errno.EACCES : 0))
        {
            Assert.Equal(1, _rig.Backup().FailureCount);
        }

        Make();
        AssertRestores();
    }

    private HashSet<string> Keys() => [.. _rig.Store.List("").Select(static o => o.Key)];

    private BackupResult Make()
    {
        FileClock.Settle();
        BackupResult result = _rig.Backup();
        Assert.Equal(0, result.FailureCount);
        return result;
    }

    private void AssertRestores() => _rig.RequireRestores(_rig.Snapshots()[^1].Name, _rig.Source, "after the loss");

    private void Write(string name, string text)
    {
        string path = Path.Combine(_rig.Source, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
