using Varve.Backup.Passes;
using Varve.Backup.Run;
using Varve.Maintain.Check;
using Varve.Maintain.Findings;
using Varve.Model;
using Varve.Model.Bounds;
using Varve.Tests.Kit;

namespace Varve.Tests.Model;

/// <summary>Lists of paths are bounded in bytes: 6,000 failures 3,000 levels deep took 2.2 GB.</summary>
public sealed class BoundedListTests
{
    private const int DeepPath = 3_000 * 100;

    [Fact]
    public void What_is_kept_is_bounded_in_number_and_bytes_and_all_is_counted()
    {
        var few = new BoundedList<byte[]>(3, static b => b.Length);
        for (byte i = 0; i < 9; i++) { few.Add([(byte)(9 - i)]); }
        (IReadOnlyList<byte[]> first, long count) = few.Result(static (a, b) => a[0] - b[0]);
        Assert.Equal([7, 8, 9], first.Select(static b => (int)b[0]));
        Assert.Equal(9, count);

        var large = new BoundedList<byte[]>(10_000, static b => b.Length);
        for (int i = 0; i < 6_000; i++) { large.Add(new byte[DeepPath]); }
        large.Add([1]); // what came after one that found no room is not among the first
        (first, count) = large.Result(static (a, b) => a.Length - b.Length);
        const long most = BoundedList<byte[]>.MostBytes;
        Assert.InRange(first.Sum(static b => (long)b.Length), most - DeepPath - 10_000, most);
        Assert.Equal(6_001, count);
    }

    [Fact]
    public void Failures_of_a_backup_and_of_a_restore_at_great_depth_take_megabytes_not_gigabytes()
    {
        var tally = new RunTally(new RunProgress());
        var monitor = new RestoreMonitor();
        for (int i = 0; i < 6_000; i++)
        {
            var failure = new Failure(new byte[DeepPath], FailedOperation.Open, 13, "Permission denied");
            tally.Fail(failure);
            monitor.Fail(failure);
            monitor.AddTorn(failure.Path);
        }

        Assert.Equal((6_000L, 6_000L, 6_000L), (tally.Failures().Count, monitor.Failures().Count, monitor.Torn().Count));
        foreach (long kept in (long[])[tally.Failures().First.Sum(Bytes), monitor.Failures().First.Sum(Bytes),
            monitor.Torn().First.Sum(static p => (long)p.Length)])
        {
            Assert.InRange(kept, 1, BoundedList<Failure>.MostBytes);
        }

        static long Bytes(Failure failure) => failure.Path.Length;
    }

    [Fact]
    public void What_a_budget_leaves_at_great_depth_is_kept_newest_first_in_as_many_bytes()
    {
        var pending = new PendingFiles();
        var root = new DirectoryNode { Parent = new DirectoryNode() };
        var node = new DirectoryNode { Parent = root, Name = new byte[DeepPath], Listing = new EntryTable() };
        for (int i = 0; i < 200; i++)
        {
            var stat = new EntryStat { Kind = EntryKind.File, Size = long.MaxValue / 2, Mtime = new FileTime((i * 7) % 200, 0) };
            node.Listing.Add([(byte)(i + 1)], in stat);
        }

        for (int i = 0; i < 200; i++) { pending.Add(node, i); }
        IReadOnlyList<PendingFile> newest = pending.Newest();
        Assert.Equal((200L, long.MaxValue), (pending.Files, pending.Bytes));
        Assert.InRange(newest.Sum(static f => (long)f.Path.Length), 1, BoundedList<PendingFile>.MostBytes);
        Assert.Equal(Enumerable.Range(0, newest.Count).Select(static i => 199L - i), newest.Select(static f => f.Time.Seconds));
    }

    [Fact]
    public void A_check_that_finds_much_at_great_depth_names_what_there_is_room_for_and_counts_the_rest()
    {
        var report = new CheckFindings(new CheckMonitor());
        for (int i = 0; i < 1_000; i++)
        {
            string path = i + new string('x', DeepPath);
            report.AddAffected(Subject.Snapshot(Some.Name(1)).Within(path), "it is bad", Some.Name(1), path);
        }

        (IReadOnlyList<Damage> first, long count, _) = report.Result();
        Assert.Equal(1_000, count);
        Assert.InRange(first.Sum(static d => (long)d.Object.Length + d.Affects.Length), 1, 40 << 20);
    }
}
