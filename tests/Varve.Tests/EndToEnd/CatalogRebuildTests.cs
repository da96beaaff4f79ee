using System.Globalization;
using Varve.Backup;
using Varve.History;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;

namespace Varve.Tests.EndToEnd;

/// <summary>The catalog is a cache: built anew from the repository it says the same as the one that the backups wrote.</summary>
[Trait("Does", "race")]
[Trait("Takes", "minutes")]
public sealed class CatalogRebuildTests : VaultTest
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_rebuilt_catalog_has_the_rows_of_the_one_that_random_histories_wrote(int seed)
    {
        var random = new Random(seed);
        for (int run = 0; run < 8; run++)
        {
            for (int i = run == 0 ? 60 : random.Next(12); i > 0; i--) { RandomChange.Make(_source, random); }
            if (random.Next(2) == 0) { FileClock.Settle(); }
            if (random.Next(3) == 0)
            {
                Assert.Throws<OperationCanceledException>(() => _vault.Backup(_source, cancel: new CancellationToken(true)));
                RandomChange.Make(_source, random);
            }

            _vault.BackupAll(_source, o => o with { Force = random.Next(5) == 0 });
        }

        Same();
    }

    [Fact]
    public void A_zoo_in_several_states_comes_out_the_same()
    {
        string zoo = System.IO.Path.Combine(_d.Path, "zoo");
        Zoo.Create(zoo, names: 700);
        _vault.BackupAll(zoo);
        Directory.Delete(System.IO.Path.Combine(zoo, "xattrs"), true);
        _vault.BackupAll(zoo);
        File.WriteAllText(System.IO.Path.Combine(zoo, "xattrs"), "a file now");
        Directory.Move(System.IO.Path.Combine(zoo, "names"), System.IO.Path.Combine(zoo, "other names"));
        _vault.BackupAll(zoo);
        Directory.Move(System.IO.Path.Combine(zoo, "other names"), System.IO.Path.Combine(zoo, "names"));
        _vault.BackupAll(zoo);
        Same();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_interrupted_run_that_was_taken_up_after_more_changes_leaves_the_same_rows(bool afterAWholeOne)
    {
        for (int i = 0; i < 40; i++)
        {
            string directory = Directory.CreateDirectory(System.IO.Path.Combine(_source, $"d{i:00}/sub")).FullName;
            for (int j = 0; j < 40; j++)
            {
                File.WriteAllBytes(System.IO.Path.Combine(directory, $"f{j}"), Desk.Bytes(i * 100 + j, 20_000));
            }
        }

        if (afterAWholeOne)
        {
            _vault.BackupAll(_source);
            File.WriteAllText(System.IO.Path.Combine(_source, "one more"), "more");
        }

        Interrupted(static m => m.Files >= 400);
        Directory.Delete(System.IO.Path.Combine(_source, "d00"), true);
        Directory.Delete(System.IO.Path.Combine(_source, "d39"), true);
        Directory.Move(System.IO.Path.Combine(_source, "d01"), System.IO.Path.Combine(_source, "e01"));
        Directory.Delete(System.IO.Path.Combine(_source, "d02/sub"), true);
        File.WriteAllText(System.IO.Path.Combine(_source, "d02/sub"), "a file now");
        BackupResult first = _vault.BackupAll(_source);
        Assert.True(first.Resumed);
        Assert.Equal(Files(), first.Snapshot.Counts.Files);
        Directory.Move(System.IO.Path.Combine(_source, "e01"), System.IO.Path.Combine(_source, "d01"));
        foreach (string file in Directory.EnumerateFiles(System.IO.Path.Combine(_source, "d05/sub"))) { File.AppendAllText(file, "more"); }
        Directory.Delete(System.IO.Path.Combine(_source, "d06"), true);
        Interrupted(static m => m.Files >= 1);
        Directory.Delete(System.IO.Path.Combine(_source, "d05"), true);
        Directory.CreateDirectory(System.IO.Path.Combine(_source, "d06/sub"));
        File.WriteAllText(System.IO.Path.Combine(_source, "d06/sub/back"), "again");
        Assert.True(_vault.BackupAll(_source).Resumed);
        Same();
        string restored = System.IO.Path.Combine(_d.Path, "restored");
        _vault.RestoreAll(restored);
        Assert.Empty(TreeCompare.Compare(_source, restored));
    }

    [Fact]
    public void Directories_that_an_interrupted_run_saw_but_did_not_come_to_enter_may_change_or_go_before_it_is_taken_up()
    {
        string At(int i) => System.IO.Path.Combine(_source, i.ToString("0000", CultureInfo.InvariantCulture));
        for (int i = 0; i < 3_000; i++)
        {
            Directory.CreateDirectory(At(i));
            File.WriteAllText(At(i) + "/file", $"{i}");
        }

        Interrupted(m => m.Directories >= 5);
        using (Repository repository = _vault.Open()) { Assert.NotEqual("damaged", CatalogMaintenance.Status(repository).State); }
        for (int i = 0; i < 1_000; i++) { Directory.Delete(At(i), true); }
        for (int i = 1_000; i < 1_500; i++)
        {
            Directory.Delete(At(i), true);
            File.WriteAllText(At(i), "a file now");
        }

        for (int i = 1_500; i < 2_000; i++) { ZooPosix.Chmod(ZooPosix.Path(At(i)), 0x1C0); }
        BackupResult result = _vault.BackupAll(_source);
        Assert.True(result.Resumed);
        Assert.Equal((Files(), 1_501L), (result.Snapshot.Counts.Files, result.Snapshot.Counts.Directories));
        Same();
    }

    [Fact]
    [Trait("Needs", "root")]
    public void Failed_paths_and_file_systems_that_were_left_out_come_out_the_same()
    {
        string mount = Directory.CreateDirectory(System.IO.Path.Combine(_source, "mount")).FullName;
        File.WriteAllText(System.IO.Path.Combine(_source, "file"), "x");
        Programs.Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", mount);
        try
        {
            File.WriteAllText(mount + "/file", "on another");
            _vault.BackupAll(_source, o => o with { OneFileSystem = true });
            _vault.BackupAll(_source);
            _vault.BackupAll(_source, o => o with { OneFileSystem = true, Excludes = ["file"] });
            Same();
        }
        finally { Programs.Run("umount", "-l", mount); }
    }

    [Fact]
    public void A_directory_that_was_looked_at_again_and_is_what_it_was_leaves_those_above_it_their_trees()
    {
        string directory = Directory.CreateDirectory(System.IO.Path.Combine(_source, "a/b/c")).FullName,
            file = System.IO.Path.Combine(directory, "file");
        File.WriteAllBytes(file, Desk.Bytes(1, 10_000));
        FileClock.Settle();
        using (new MappedWriter(file))
        {
            // It may change without its stat telling, so it is on the list of unstable files, and each run reads it.
            BackupResult first = _vault.BackupAll(_source), second = _vault.BackupAll(_source);
            Assert.Equal((1, 1, true), (first.Unstable, second.Unstable, second.NothingChanged));
            Assert.Equal(10_000, second.Snapshot.Counts.BytesRead);
        }

        Same();
    }

    [Fact]
    public void After_a_rebuild_nothing_is_read_again()
    {
        var random = new Random(9);
        for (int i = 0; i < 60; i++) { RandomChange.Make(_source, random); }
        FileClock.Settle();
        BackupResult first = _vault.BackupAll(_source);
        Same();
        BackupResult second = _vault.BackupAll(_source);
        Assert.Equal((0L, first.Snapshot.Counts.New), (second.Snapshot.Counts.BytesRead, second.Snapshot.Counts.Unchanged));
        Assert.True(second.NothingChanged);
    }

    /// <summary>What stands, as the system says.</summary>
    private long Files() => Directory.EnumerateFiles(_source, "*", SearchOption.AllDirectories).LongCount();

    /// <summary>A run that is cancelled on its way.</summary>
    private void Interrupted(Func<BackupProgress, bool> when)
    {
        using var interruption = new Interruption(when);
        Assert.Throws<OperationCanceledException>(
            () => _vault.Backup(_source, o => o with { Workers = 1 }, interruption.Monitor, interruption.Token));
    }
}
