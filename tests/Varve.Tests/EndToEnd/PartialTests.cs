using System.Text;
using Varve.Backup;
using Varve.Backup.Commit;
using Varve.History;
using Varve.Model;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;

namespace Varve.Tests.EndToEnd;

/// <summary>
/// Backups within a budget, and the newest files first: what is left is named, nothing is taken for saved, and the next runs carry on to
/// the end.
/// </summary>
[Trait("Does", "race")]
[Trait("Takes", "minutes")]
public sealed class PartialTests : VaultTest
{
    private const int MiB = 1 << 20;
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Runs_within_a_budget_come_to_the_end_and_each_snapshot_holds_what_it_says(bool newestFirst)
    {
        for (int i = 0; i < 100; i++) { Write($"d{i % 7}/f{i}", i, 300_000); }
        FileClock.Settle();
        long saved = 0;
        for (int run = 1; ; run++)
        {
            long data = Data();
            BackupResult result = Backup(5 * MiB, newestFirst);
            SnapshotCounts c = result.Snapshot.Counts;
            Assert.InRange(Data() - data, 1, (5 * MiB) + 100_000); // blocks' and packs' own bytes
            Assert.InRange(result.BudgetUsed, 1, 5 * MiB);
            Assert.Equal(result.Snapshot.IsPartial, c.PendingFiles > 0);
            Assert.Equal(100, c.Files + c.PendingFiles);
            Assert.Equal(c.PendingFiles * 300_000, c.PendingBytes);
            Assert.Equal(c.PendingFiles, result.Pending.Count);
            Assert.InRange(c.BytesStored, 1, (5 * MiB) + 50_000); // all of it
            Assert.Equal((0L, 0L, saved), (c.Gone, c.Changed, c.Unchanged));
            Assert.Equal(c.Files - saved, c.New);
            Assert.True(c.Files > saved);
            saved = c.Files;
            Holds(result);
            Assert.InRange(run, 1, 20);
            if (!result.Snapshot.IsPartial)
            {
                Assert.InRange(run, 6, 12);
                break;
            }
        }

        string restored = System.IO.Path.Combine(_d.Path, "whole");
        _vault.RestoreAll(restored);
        Assert.Empty(TreeCompare.Compare(_source, restored));
        BackupResult last = Backup(5 * MiB, newestFirst);
        Assert.Equal((true, false, 0L), (last.NothingChanged, last.Snapshot.IsPartial, last.Snapshot.Counts.BytesRead));
        Same();
    }

    [Fact]
    public void The_files_that_changed_last_go_first()
    {
        // The walk comes to the oldest first; all are older than the run by their mtime, and ctime cannot be set: so the newest are written
        // last.
        Write("a/oldest", 1, 3 * MiB);
        Write("b/older", 2, 3 * MiB);
        FileClock.SettleCoarse();
        Write("y/newer", 3, 3 * MiB);
        FileClock.SettleCoarse();
        Write("z/newest", 4, 3 * MiB);
        FileClock.Settle();
        BackupResult first = Backup(4 * MiB, newestFirst: true);
        Assert.Equal(["z/newest"], Files(first));
        Assert.Equal(["y/newer", "b/older", "a/oldest"], Pending(first));
        BackupResult second = Backup(4 * MiB, newestFirst: true);
        Assert.Equal(["y/newer", "z/newest"], Files(second));
        Write("a/oldest", 5, 3 * MiB); // the newest now
        FileClock.Settle();
        BackupResult third = Backup(4 * MiB, newestFirst: true);
        Assert.Equal(["a/oldest", "y/newer", "z/newest"], Files(third));
        Assert.False(Backup(4 * MiB, newestFirst: true).Snapshot.IsPartial);
        Same();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_larger_than_the_budget_is_stored_over_several_runs(bool newestFirst)
    {
        Write("large", 1, 20 * MiB);
        Write("small", 2, 100_000);
        FileClock.Settle();
        int runs = 0;
        for (bool partial = true; partial; runs++)
        {
            long data = Data();
            BackupResult result = Backup(6 * MiB, newestFirst);
            Assert.InRange(Data() - data, 0, (6 * MiB) + 100_000);
            partial = result.Snapshot.IsPartial;
            if (newestFirst || !partial) { Assert.Contains("small", Files(result)); } // what is larger than the budget comes last
            Assert.Equal(!partial, Files(result).Contains("large"));
            Holds(result);
            Assert.InRange(runs, 0, 10);
        }

        Assert.InRange(runs, 4, 6);
        Same();
    }

    [Fact]
    public void A_changed_file_that_is_left_is_neither_kept_as_it_was_nor_taken_for_gone()
    {
        for (int i = 0; i < 10; i++) { Write($"f{i}", i, MiB); }
        FileClock.Settle();
        BackupResult whole = _vault.BackupAll(_source);
        for (int i = 0; i < 10; i++) { Write($"f{i}", 100 + i, MiB); }
        FileClock.Settle();
        BackupResult partial = Backup(4 * MiB, false);
        Assert.InRange(partial.Snapshot.Counts.PendingFiles, 1, 9);
        Assert.Equal(0, partial.Snapshot.Counts.Gone);
        Holds(partial);
        Same();
        for (bool more = true; more;) { more = Backup(4 * MiB, false).Snapshot.IsPartial; }
        string restored = System.IO.Path.Combine(_d.Path, "whole");
        _vault.RestoreAll(restored);
        Assert.Empty(TreeCompare.Compare(_source, restored));
        Assert.Equal(10, Files(whole).Count);
        Same();
    }

    [Fact]
    public void A_change_in_the_tick_of_a_partial_run_is_found_by_the_next()
    {
        for (int round = 0; round < 8; round++)
        {
            Write("file", 2 * round, 50_000);
            Write("large", round, 3 * MiB);
            BackupResult partial = Backup(MiB, newestFirst: round % 2 == 0);
            Assert.True(partial.Snapshot.IsPartial);
            DateTime time = File.GetLastWriteTimeUtc(At("file"));
            Write("file", (2 * round) + 1, 50_000);
            File.SetLastWriteTimeUtc(At("file"), time);
            Holds(_vault.BackupAll(_source));
        }
    }

    [Fact]
    public void Newest_first_without_a_budget_saves_everything()
    {
        var random = new Random(3);
        for (int i = 0; i < 300; i++)
        {
            Write($"d{i % 11}/e{i % 3}/f{i}", i, random.Next(20_000));
            File.SetLastWriteTimeUtc(At($"d{i % 11}/e{i % 3}/f{i}"),
                DateTime.UnixEpoch.AddSeconds(1_600_000_000 + random.Next(1 << random.Next(1, 27))));
        }

        Write("d4/left-out", 1, 10);
        Write("d3/e1/left-out", 1, 10);
        File.CreateSymbolicLink(At("link"), "d0");
        ZooPosix.Link(ZooPosix.Path(At("d0/e0/f0")), ZooPosix.Path(At("d1/hard")));
        FileClock.Settle();
        BackupResult result = _vault.BackupAll(_source, static o => o with { NewestFirst = true, Excludes = ["left-out", "d3/e1/"] });
        Assert.False(result.Snapshot.IsPartial);
        int below = Directory.GetFiles(At("d3/e1")).Length - 1;
        Assert.Equal((302L - below, 0L, 0L),
            (result.Snapshot.Counts.New, result.Snapshot.Counts.Unchanged, result.Snapshot.Counts.Changed));
        Directory.Delete(At("d3/e1"), true);
        File.Delete(At("d4/left-out"));
        string restored = System.IO.Path.Combine(_d.Path, "whole");
        Assert.Equal(0, _vault.BackupAll(_source).Snapshot.Counts.BytesRead);
        _vault.RestoreAll(restored);
        Assert.Empty(TreeCompare.Compare(_source, restored));
        Same();
    }

    [Fact]
    public void Random_histories_with_budgets_and_interruptions_lose_nothing()
    {
        for (int seed = 1; seed <= 3; seed++)
        {
            var random = new Random(seed);
            for (int run = 0; run < 10; run++)
            {
                for (int i = random.Next(40); i > 0; i--)
                {
                    string path = $"d{random.Next(4)}/e{random.Next(3)}/f{random.Next(10)}";
                    switch (random.Next(6))
                    {
                        case 0 when File.Exists(At(path)): File.Delete(At(path)); break;
                        case 1 when Directory.Exists(At("d1")) && !Directory.Exists(At("d9")): Directory.Move(At("d1"), At("d9")); break;
                        case 2 when Directory.Exists(At("d9")) && !Directory.Exists(At("d1")): Directory.Move(At("d9"), At("d1")); break;
                        default: Write(path, random.Next(1000), random.Next(200_000)); break;
                    }
                }

                if (random.Next(2) == 0) { FileClock.Settle(); }
                if (random.Next(3) == 0)
                {
                    using var interruption = new Interruption(p => p.Files >= 5);
                    try
                    {
                        _vault.Backup(_source,
                            o => o with { NewestFirst = true, Budget = MiB, Checkpoints = new CheckpointPolicy(TimeSpan.Zero, 1, 1) },
                            interruption.Monitor, interruption.Token);
                    }
                    catch (OperationCanceledException) { }
                }

                bool isFirst = random.Next(2) == 0;
                Holds(random.Next(3) == 0 ? _vault.BackupAll(_source) : Backup(random.Next(1, 3 * MiB), isFirst));
            }

            for (bool more = true; more;) { more = Backup(2 * MiB, true).Snapshot.IsPartial; }
            string restored = System.IO.Path.Combine(_d.Path, $"whole{seed}");
            _vault.RestoreAll(restored);
            Assert.Empty(TreeCompare.Compare(_source, restored));
            Same();
        }
    }

    [Fact]
    public void A_single_file_has_no_budget_and_force_goes_with_none()
    {
        Write("file", 1, 10);
        Assert.Equal(ErrorKind.Usage,
            Assert.Throws<VarveException>(() => _vault.Backup(At("file"), static o => o with { Budget = MiB })).Kind);
        Assert.Equal(ErrorKind.Usage,
            Assert.Throws<VarveException>(() => _vault.Backup(_source, static o => o with { Force = true, NewestFirst = true })).Kind);
    }

    private BackupResult Backup(long budget, bool newestFirst) =>
        _vault.BackupAll(_source, o => o with { Budget = budget, NewestFirst = newestFirst });

    private void Write(string path, int seed, int length)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(At(path))!);
        File.WriteAllBytes(At(path), Desk.Bytes(seed, length));
    }

    private long Data() => Directory.Exists(_vault.Place) ? _vault.Statistics().DataBytes : 0;

    /// <summary>Every file of the snapshot is as it stands; every other one is among what is to come; and there are no others.</summary>
    private void Holds(BackupResult result)
    {
        string target = System.IO.Path.Combine(_d.Path, "restored");
        _vault.RestoreAll(target, result.Name);
        HashSet<string> pending = [.. Pending(result)];
        foreach (string file in Directory.EnumerateFiles(_source, "*", SearchOption.AllDirectories))
        {
            string name = System.IO.Path.GetRelativePath(_source, file), restored = System.IO.Path.Combine(target, name);
            bool exists = File.Exists(restored), isToCome = pending.Contains(name);
            // Both: it is there as an interrupted run found it.
            Assert.True(exists != isToCome || (exists && result.Resumed),
                $"{name} is {(exists ? "" : "not ")}there and {(isToCome ? "" : "not ")}to come");
            if (exists && !isToCome) { Assert.True(File.ReadAllBytes(file).AsSpan().SequenceEqual(File.ReadAllBytes(restored)), name); }
        }

        Assert.Equal(result.Snapshot.Counts.Files, Directory.EnumerateFiles(target, "*", SearchOption.AllDirectories).Count());
        Directory.Delete(target, true);
        _vault.Check(readData: false);
    }

    private List<string> Files(BackupResult result)
    {
        using Repository repository = _vault.Open();
        var files = new List<string>();
        Lister.Run(repository, repository.FindSnapshot(result.Name.ToString()), null, recursive: true, e =>
        {
            if (e.Stat.Kind == EntryKind.File) { files.Add(Encoding.UTF8.GetString(e.Path)); }
        }, failure => Assert.Fail(failure.Message));
        return [.. files.Order(StringComparer.Ordinal)];
    }

    /// <summary>As the snapshot itself says, which is as the run said.</summary>
    private List<string> Pending(BackupResult result)
    {
        using Repository repository = _vault.Open();
        IReadOnlyList<PendingFile> stored = Lister.Pending(repository, repository.FindSnapshot(result.Name.ToString()));
        Assert.Equal(result.Pending.Select(static p => (Encoding.UTF8.GetString(p.Path), p.Size, p.Time)),
            stored.Select(static p => (Encoding.UTF8.GetString(p.Path), p.Size, p.Time)));
        return [.. stored.Select(static p => Encoding.UTF8.GetString(p.Path))];
    }
}
