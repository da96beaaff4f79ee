using System.Globalization;
using Varve.Backup;
using Varve.Model;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>
/// Runs after the first: what they say changed, what they store, and that each snapshot keeps exactly what stood when it was made.
/// </summary>
public sealed class IncrementalTests : VaultTest
{
    public IncrementalTests()
    {
        foreach (string folder in (string[])["dir/sub", "moved", "swap"]) { Directory.CreateDirectory(At(folder)); }
        Write("dir/a", Text(1));
        Write("dir/b", Text(2));
        Write("dir/sub/c", Text(3));
        Write("swap/1", Text(4));
        Write("swap/2", Text(5));
        for (int i = 0; i < 5; i++) { Write($"moved/{i}", Text(10 + i)); }
        File.WriteAllBytes(At("large"), Random(1, 6 << 20));
        File.CreateSymbolicLink(At("link"), "dir/a");
        ZooPosix.MakeNode(ZooPosix.Path(At("fifo")), 0x1000 | 0x1A4, 0, 0);
        Write("one", Text(20));
        ZooPosix.Link(ZooPosix.Path(At("one")), ZooPosix.Path(At("two")));
    }

    [Fact]
    public void A_second_run_says_that_nothing_changed_and_stores_a_snapshot_and_nothing_else()
    {
        BackupResult first = Settled();
        Assert.False(first.NothingChanged);
        Assert.Equal(0, first.Snapshot.Counts.Unchanged);
        IReadOnlyList<string> before = _vault.Objects();
        BackupResult second = _vault.BackupAll(_source);
        Assert.True(second.NothingChanged);
        SnapshotCounts c = second.Snapshot.Counts;
        Assert.Equal((0L, 0L, 0L, 0L), (c.New, c.Changed, c.MetadataOnly, c.Gone));
        Assert.Equal((0L, 0L, 0L), (c.BytesRead, c.BytesAdded, c.BytesStored));
        Assert.Equal(first.Snapshot.Counts.New, c.Unchanged);
        Assert.Equal(
            (first.Snapshot.Counts.Files, first.Snapshot.Counts.Directories, first.Snapshot.Counts.Symlinks, first.Snapshot.Counts.Others,
            first.Snapshot.Counts.Bytes),
            (c.Files, c.Directories, c.Symlinks, c.Others, c.Bytes));
        Assert.EndsWith("/" + second.Name, Assert.Single(_vault.Objects().Except(before)), StringComparison.Ordinal);
        Assert.Equal(first.Name, second.Snapshot.Parent);
    }

    [Fact]
    public void Files_written_just_before_the_run_are_read_again_by_the_next_one_and_count_as_unchanged()
    {
        // No pause between writing, the first and the second run: timestamps cannot tell the states apart, so content must.
        for (int i = 0; i < 20; i++)
        {
            Write("dir/a", Text(100 + i));
            BackupResult first = _vault.BackupAll(_source);
            BackupResult second = _vault.BackupAll(_source);
            SnapshotCounts c = second.Snapshot.Counts;
            Assert.Equal((0L, 0L, 0L, 0L), (c.New, c.Changed, c.MetadataOnly, c.Gone));
            Assert.Equal(first.Snapshot.Counts.Unchanged + first.Snapshot.Counts.New + first.Snapshot.Counts.Changed, c.Unchanged);
            Assert.True(second.NothingChanged);
        }
    }

    [Fact]
    public void A_forced_run_reads_everything_and_finds_it_unchanged()
    {
        BackupResult first = Settled();
        BackupResult forced = _vault.BackupAll(_source, o => o with { Force = true });
        SnapshotCounts c = forced.Snapshot.Counts;
        Assert.Equal((0L, 0L, 0L, 0L, first.Snapshot.Counts.New), (c.New, c.Changed, c.MetadataOnly, c.Gone, c.Unchanged));
        Assert.InRange(c.BytesRead, 6 << 20, long.MaxValue);
        Assert.Equal((0L, 0L), (c.BytesAdded, c.BytesStored));
        Assert.True(forced.NothingChanged);
    }

    [Fact]
    [Trait("Needs", "root")]
    public void Each_kind_of_change_is_counted_and_each_snapshot_restores_what_stood_then()
    {
        (string What, Action Change, int New, int Changed, int MetadataOnly, int Gone, bool AddsContent)[] steps =
        [
            ("a file is modified", () => Write("dir/a", Text(30)), 0, 1, 0, 0, true),
            ("a file is appended to", () => File.AppendAllText(At("large"), "more"), 0, 1, 0, 0, true),
            ("a file is added", () => Write("dir/new", Text(31)), 1, 0, 0, 0, true),
            ("a file is deleted", () => File.Delete(At("dir/b")), 0, 0, 0, 1, false),
            ("it comes back", () => Write("dir/b", Text(2)), 1, 0, 0, 0, false),
            ("a file is renamed", () => File.Move(At("dir/b"), At("dir/renamed")), 1, 0, 0, 1, false),
            ("a file moves to another directory", () => File.Move(At("dir/renamed"), At("dir/sub/b")), 1, 0, 0, 1, false),
            ("its mode changes", () => ZooPosix.Chmod(ZooPosix.Path(At("dir/a")), 0x1C0), 0, 0, 1, 0, false),
            ("its owner changes", () => ZooPosix.Chown(ZooPosix.Path(At("dir/a")), 12, 34), 0, 0, 1, 0, false),
            ("it is touched", () => ZooPosix.SetTime(ZooPosix.Path(At("dir/a")), 1_000_000_000, 5), 0, 0, 1, 0, false),
            ("an extended attribute is set", () => ZooPosix.SetXattr(ZooPosix.Path(At("dir/a")), "trusted.varve", [1, 2]), 0, 0, 1, 0,
                false),
            ("and removed", () => ZooPosix.RemoveXattr(ZooPosix.Path(At("dir/a")), "trusted.varve"), 0, 0, 1, 0, false),
            ("a symlink gets another target", () => { File.Delete(At("link")); File.CreateSymbolicLink(At("link"), "dir/b"); }, 0, 1, 0, 0,
                false),
            ("a fifo's mode changes", () => ZooPosix.Chmod(ZooPosix.Path(At("fifo")), 0x180), 0, 0, 1, 0, false),
            ("a file becomes a directory",
                () => { File.Delete(At("dir/sub/b")); Directory.CreateDirectory(At("dir/sub/b")); Write("dir/sub/b/in", Text(32)); }, 1, 0,
                0, 1, true),
            ("a directory with files becomes a file", () => { Directory.Delete(At("swap"), true); Write("swap", Text(33)); }, 1, 0, 0, 2,
                true),
            ("and a directory again",
                () => { File.Delete(At("swap")); Directory.CreateDirectory(At("swap")); Write("swap/1", Text(4)); Write("swap/2",
                Text(5)); }, 2, 0, 0, 1, false),
            ("two files trade places",
                () => { File.Move(At("swap/1"), At("swap/3")); File.Move(At("swap/2"), At("swap/1")); File.Move(At("swap/3"),
                At("swap/2")); }, 0, 2, 0, 0, false),
            ("a file gets a second name", () => ZooPosix.Link(ZooPosix.Path(At("dir/a")), ZooPosix.Path(At("dir/sub/a2"))), 1, 0, 1, 0,
                false),
            ("and loses the first", () => File.Delete(At("dir/a")), 0, 0, 1, 1, false),
            ("a directory is renamed", () => Directory.Move(At("moved"), At("moved-away")), 0, 0, 0, 0, false),
            ("a directory below it moves up", () => Directory.Move(At("dir/sub"), At("sub")), 0, 0, 0, 0, false),
            ("a directory goes with all below it", () => Directory.Delete(At("sub"), true), 0, 0, 0, 3, false),
            ("a directory's mode changes", () => ZooPosix.Chmod(ZooPosix.Path(At("moved-away")), 0x1C0), 0, 0, 0, 0, false),
            ("the root's mode changes", () => ZooPosix.Chmod(ZooPosix.Path(_source), 0x1C0), 0, 0, 0, 0, false),
            ("an empty directory is added", () => Directory.CreateDirectory(At("empty/below")), 0, 0, 0, 0, false),
            ("a file is written with the content it had",
                () => { byte[] all = File.ReadAllBytes(At("large")); File.Delete(At("large")); File.WriteAllBytes(At("large"), all); }, 0,
                0, 1, 0, false),
            ("a file changes behind its old size and time", () => Sneak("moved-away/1"), 0, 1, 0, 0, true),
            ("a file is cut to nothing", () => Write("moved-away/2", ""), 0, 1, 0, 0, false),
            ("a file becomes a symlink", () => { File.Delete(At("moved-away/3")); File.CreateSymbolicLink(At("moved-away/3"), "x"); }, 1, 0,
                0, 1, false),
        ];

        var kept = new List<(ObjectName Snapshot, string Copy, string What)>();
        BackupResult last = Settled();
        Keep("the beginning");
        long entries = last.Snapshot.Counts.New;
        foreach (var step in steps)
        {
            long data = _vault.Statistics().DataBytes;
            step.Change();
            last = Settled();
            SnapshotCounts c = last.Snapshot.Counts;
            entries += step.New - step.Gone;
            Assert.Equal((step.What, (long)step.New, (long)step.Changed, (long)step.MetadataOnly, (long)step.Gone),
                (step.What, c.New, c.Changed, c.MetadataOnly, c.Gone));
            Assert.Equal((step.What, entries), (step.What, c.New + c.Changed + c.MetadataOnly + c.Moved + c.Unchanged));
            Assert.Equal((step.What, entries), (step.What, c.Files + c.Symlinks + c.Others));
            Assert.False(last.NothingChanged, step.What);
            long added = _vault.Statistics().DataBytes - data;
            Assert.True(step.AddsContent ? added is > 0 and < 4 << 20 : added == 0, $"{step.What}: {added} bytes of data packs were added");
            Keep(step.What);
        }

        Assert.True(_vault.BackupAll(_source).NothingChanged);
        foreach ((ObjectName snapshot, string copy, string what) in kept)
        {
            string target = System.IO.Path.Combine(_d.Path, "restored-" + snapshot);
            _vault.RestoreAll(target, snapshot);
            IReadOnlyList<string> differences = TreeCompare.Compare(copy, target);
            Assert.True(differences.Count == 0, $"{what}: {string.Join('\n', differences)}");
            Assert.Equal("", RsyncJudge.Compare(copy, target));
        }

        _vault.Check();
        Assert.Empty(_vault.Warnings);

        void Keep(string what)
        {
            string copy = System.IO.Path.Combine(_d.Path, string.Create(CultureInfo.InvariantCulture, $"kept-{kept.Count}"));
            Programs.Run("cp", "-a", _source, copy);
            kept.Add((last.Name, copy, what));
        }
    }

    /// <summary>A backup of files whose timestamps lie safely before it.</summary>
    private BackupResult Settled()
    {
        FileClock.Settle();
        return _vault.BackupAll(_source);
    }

    private void Sneak(string name)
    {
        byte[] path = ZooPosix.Path(At(name));
        FileTime before = ZooPosix.Stat(path).Mtime;
        byte[] bytes = File.ReadAllBytes(At(name));
        bytes[7] ^= 1;
        using (FileStream f = File.OpenWrite(At(name))) { f.Write(bytes); }
        ZooPosix.SetTime(path, before.Seconds, before.Nanoseconds);
    }

    private void Write(string name, string text) => File.WriteAllText(At(name), text);

    private static string Text(int seed) => Convert.ToBase64String(Random(seed, 3_000));

    private static byte[] Random(int seed, int count)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
