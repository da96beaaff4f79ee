using System.Text;
using Varve.History;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;

namespace Varve.Tests.Backup;

/// <summary>What a budget takes is exactly the newest files that fit, to one file, and it is used (decision 0071).</summary>
public sealed class NewestFirstTests : VaultTest
{
    private const int Kilo = 1000, Mega = 1_000_000;

    [Theory]
    [InlineData(1, false)]
    [InlineData(16, false)]
    [InlineData(1, true)]
    [InlineData(16, true)]
    public void Of_600_files_changed_at_one_moment_by_ctime_exactly_the_newest_by_mtime_are_saved(int workers, bool isText)
    {
        Shuffled(600, 20 * Kilo, isText);
        long budget = isText ? Mega : 5 * Mega;
        BackupResult result = Backup(o => o with { Budget = budget, Workers = workers });
        int saved = SavesExactlyTheNewest(result);
        Assert.InRange(saved, isText ? 150 : 235, isText ? 450 : 249);
        Assert.InRange(result.BudgetUsed, budget * 9 / 10, budget);
        Assert.InRange(_vault.Statistics().DataBytes, budget * 8 / 10, budget + (50 * Kilo)); // blocks' and packs' own bytes
        while (result.Snapshot.IsPartial)
        {
            result = Backup(o => o with { Budget = budget, Workers = workers });
            Assert.True(SavesExactlyTheNewest(result) > saved);
        }

        Same();
    }

    [Theory]
    [InlineData(1, false, 5)]
    [InlineData(16, false, 5)]
    [InlineData(16, true, 5)]
    [InlineData(16, true, 20)]
    [InlineData(16, false, 40)]
    public void A_budget_is_used_in_the_order_of_the_walk_too_whatever_blocks_are_open(int workers, bool isText, int megabytes)
    {
        for (int i = 0; i < 900; i++) { Write($"d{i % 9}/f{i}", i, 50 * Kilo, isText); }
        BackupResult result = _vault.BackupAll(_source, o => o with { Budget = megabytes * Mega, Workers = workers });
        bool isAll = isText && megabytes == 20; // compressed, all of it fits
        Assert.Equal(!isAll, result.Snapshot.IsPartial);
        Assert.InRange(result.BudgetUsed, isAll ? 1 : megabytes * Mega * 9 / 10, megabytes * Mega);
        Assert.InRange(_vault.Statistics().DataBytes, 1, (megabytes * Mega) + (100 * Kilo));
        Assert.Equal(900, result.Snapshot.Counts.Files + result.Snapshot.Counts.PendingFiles);
    }

    [Fact]
    public void Many_small_files_are_taken_by_bands_that_surely_fit_and_then_one_by_one()
    {
        Shuffled(9000, 700, isText: false); // more than are read in their order at a time
        BackupResult result = Backup(static o => o with { Budget = 5 * Mega });
        Assert.InRange(SavesExactlyTheNewest(result), 5500, 6200);
        Assert.InRange(result.BudgetUsed, 5 * Mega * 9 / 10, 5 * Mega);
    }

    [Fact]
    public void Of_many_files_of_one_time_those_that_fit_are_saved_and_the_next_run_goes_on()
    {
        for (int i = 0; i < 5000; i++) { Write($"d{i % 50}/f{i}", i, 100, isText: false); }
        foreach (string file in Directory.EnumerateFiles(_source, "*", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch.AddSeconds(1_600_000_000));
        }

        BackupResult first = Backup(static o => o with { Budget = 400 * Kilo });
        Assert.InRange(first.BudgetUsed, 360 * Kilo, 400 * Kilo);
        Assert.InRange(first.Snapshot.Counts.Files, 1600, 3000);
        BackupResult second = Backup(static o => o with { Budget = 400 * Kilo });
        Assert.True(second.Snapshot.Counts.Files > first.Snapshot.Counts.Files + 1500);
        Assert.Equal(first.Snapshot.Counts.Files, second.Snapshot.Counts.Unchanged);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_does_not_fit_is_passed_over_and_nothing_of_it_is_stored_while_anything_that_fits_waits(bool bySize)
    {
        int[] sizes = [2, 4, 1, 1, 3, 1];
        for (int i = 0; i < sizes.Length; i++) { Write($"f{i}", i, sizes[i] * Mega * 9 / 10, isText: false, age: i); }
        BackupResult result = Backup(o => o with { Budget = 5 * Mega, BudgetBySize = bySize });
        Assert.Equal(["f0", "f2", "f3", "f5"], Saved(result));
        BackupResult next = Backup(o => o with { Budget = 5 * Mega, BudgetBySize = bySize });
        Assert.Equal(["f0", "f1", "f2", "f3", "f5"], Saved(next));
    }

    [Fact]
    public void A_file_that_fits_only_compressed_is_found_to_fit()
    {
        Write("newest", 1, 900 * Kilo, isText: true, age: 0);
        Write("noise", 2, 900 * Kilo, isText: false, age: 1);
        Write("large", 3, 8 * Mega, isText: true, age: 2);
        BackupResult result = Backup(static o => o with { Budget = 4 * Mega });
        Assert.Equal(["large", "newest", "noise"], Saved(result));
        Assert.Equal(9_800 * Kilo, result.Snapshot.Counts.BytesRead); // what was tried counts once
    }

    [Fact]
    public void By_size_the_files_count_as_they_are_listed_whatever_is_stored_of_them()
    {
        Shuffled(600, 20 * Kilo, isText: true);
        BackupResult result = Backup(static o => o with { Budget = 5 * Mega, BudgetBySize = true, Workers = 16 });
        Assert.Equal(250, SavesExactlyTheNewest(result));
        Assert.Equal(5 * Mega, result.BudgetUsed);
        Assert.Equal(500, SavesExactlyTheNewest(Backup(static o => o with { Budget = 5 * Mega, BudgetBySize = true })));
        BackupResult walk = _vault.BackupAll(_source, static o => o with { Budget = Mega, BudgetBySize = true });
        Assert.Equal((550L, Mega), (walk.Snapshot.Counts.Files, walk.BudgetUsed));
    }

    [Fact]
    public void By_ctime_only_when_asked()
    {
        Write("old", 1, 900 * Kilo, isText: false, age: 1000);
        Kit.Measures.FileClock.SettleCoarse();
        Write("new", 2, 900 * Kilo, isText: false, age: 0);
        Kit.Measures.FileClock.SettleCoarse();
        File.SetLastWriteTimeUtc(At("old"), DateTime.UnixEpoch.AddSeconds(1_500_000_000)); // the newest ctime
        Assert.Equal(["old"], Saved(Backup(static o => o with { Budget = Mega, NewestByCtime = true })));
        Write("old", 3, 900 * Kilo, isText: false, age: 1000); // and again
        Assert.Equal(["new"], Saved(Backup(static o => o with { Budget = Mega })));
    }

    private BackupResult Backup(Func<BackupOptions, BackupOptions> with)
    {
        Kit.Measures.FileClock.Settle();
        return _vault.BackupAll(_source, o => with(o) with { NewestFirst = true });
    }

    private void Shuffled(int files, int length, bool isText)
    {
        int[] ages = [.. Enumerable.Range(0, files)];
        new Random(files).Shuffle(ages);
        for (int i = 0; i < files; i++) { Write($"d{i % 7}/e{i % 30}/f{ages[i]:00000}", i, length, isText, ages[i]); }
    }

    /// <summary>Writes a file that is so many seconds older than the newest.</summary>
    private void Write(string path, int seed, int length, bool isText, int age = 0)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(At(path))!);
        byte[] content = Desk.Bytes(seed, length);
        // Comes to about a third.
        if (isText) { content = [.. content.Select(static b => (byte)("eeeeeeeeeeaaaaattt "[b % 19]))]; }
        File.WriteAllBytes(At(path), content);
        File.SetLastWriteTimeUtc(At(path), DateTime.UnixEpoch.AddSeconds(1_600_000_000 - age));
    }

    /// <summary>The names tell the ages: no file is saved that is older than one that is not. How many are.</summary>
    private int SavesExactlyTheNewest(BackupResult result)
    {
        List<string> saved = Saved(result);
        Assert.Equal(Enumerable.Range(0, saved.Count).Select(static i => $"f{i:00000}"), saved);
        return saved.Count;
    }

    private List<string> Saved(BackupResult result)
    {
        using Repository repository = _vault.Open();
        var files = new List<string>();
        Lister.Run(repository, repository.FindSnapshot(result.Name.ToString()), null, recursive: true, e =>
        {
            if (e.Stat.Kind == EntryKind.File) { files.Add(System.IO.Path.GetFileName(Encoding.UTF8.GetString(e.Path))); }
        }, failure => Assert.Fail(failure.Message));
        files.Sort(StringComparer.Ordinal);
        return files;
    }
}
