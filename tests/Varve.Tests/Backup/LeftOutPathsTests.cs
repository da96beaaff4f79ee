using System.Globalization;
using System.Text;
using Varve.Backup.Clocks;
using Varve.Backup.Passes;
using Varve.Backup.Run;
using Varve.Detect;
using Varve.Model;
using Varve.Model.Paths;
using Varve.Model.Rules;
using Varve.Model.Snapshots;

namespace Varve.Tests.Backup;

/// <summary>How what is left out is kept: bounded, exactly counted, and the same whoever comes first.</summary>
public sealed class LeftOutPathsTests
{
    [Fact]
    public void All_are_counted_and_the_first_ten_thousand_by_path_kept_in_whatever_order_they_are_found()
    {
        int[] numbers = [.. Enumerable.Range(0, 25_000)];
        new Random(4).Shuffle(numbers);
        LeftOutPaths paths = New();
        Parallel.For(0, 100, part =>
        {
            DirectoryNode node = Node();
            foreach (int number in numbers.AsSpan(part * 250, 250)) { paths.Exclude(node, Path(number), EntryKind.File); }
            paths.Visited(node);
        });
        (IReadOnlyList<Mark> first, LeftOutCounts counts) = paths.Result();
        Assert.Equal((25_000L, 25_000L), (counts.Excluded, counts.All));
        Assert.Equal(Enumerable.Range(0, 10_000).Select(static i => Text(Path(i))), first.Select(static m => Text(m.Path)));
        Assert.All(first, static m => Assert.Equal((LeftOutReason.Excluded, 2), (m.Reason, m.Rule)));
    }

    [Fact]
    public void Long_paths_take_eight_megabytes_at_most_and_what_is_kept_comes_before_what_is_not()
    {
        LeftOutPaths paths = New();
        DirectoryNode node = Node();
        int[] numbers = [.. Enumerable.Range(0, 300)];
        new Random(5).Shuffle(numbers);
        foreach (int number in numbers) { paths.Add(node, [.. Path(number), .. new byte[100_000]], LeftOutReason.NotEntered); }
        paths.Visited(node);
        (IReadOnlyList<Mark> first, LeftOutCounts counts) = paths.Result();
        Assert.Equal(300, counts.NotEntered);
        Assert.InRange(first.Count, 70, 84);
        Assert.Equal(Enumerable.Range(0, first.Count).Select(static i => Text(Path(i))), first.Select(static m => Text(m.Path.AsSpan(0, 7))));
    }

    [Fact]
    public void What_no_snapshot_is_made_of_costs_nothing()
    {
        LeftOutPaths paths = New(isServed: false);
        DirectoryNode node = Node();
        paths.Exclude(node, "a"u8, EntryKind.File);
        paths.Visited(node);
        Assert.Null(node.LeftOut);
        Assert.Equal((0, 0L), (paths.Result().First.Count, paths.Result().Counts.All));
    }

    [Fact]
    public void A_path_that_several_places_leave_out_counts_once()
    {
        LeftOutPaths paths = New();
        DirectoryNode node = Node(isMerged: true);
        for (int i = 0; i < 3; i++)
        {
            paths.Exclude(node, "a"u8, EntryKind.Directory);
            paths.Add(node, "b"u8.ToArray(), LeftOutReason.OwnDirectory);
        }

        paths.Visited(node);
        Assert.Equal(["a", "b"], paths.Result().First.Select(static m => Text(m.Path)));
        Assert.Equal(new LeftOutCounts { Excluded = 1, OwnDirectories = 1 }, paths.Result().Counts);
    }

    [Fact]
    public void What_lies_below_a_directory_that_is_gone_is_forgotten_and_its_neighbours_are_not()
    {
        LeftOutPaths paths = New();
        DirectoryNode node = Node();
        foreach (string path in (string[])["d", "d!", "d/x", "d/x/y", "d0", "d0/x", "e"])
        {
            paths.Exclude(node, Encoding.ASCII.GetBytes(path), EntryKind.File);
        }

        paths.ForgetBelow("d"u8.ToArray());
        Assert.Equal(["d", "d!", "d0", "d0/x", "e"], paths.Result().First.Select(static m => Text(m.Path)));
    }

    private static LeftOutPaths New(bool isServed = true) => new(Rules(), new SeenDirectories()) { IsServed = isServed };

    private static DirectoryNode Node(bool isMerged = false) => new() { Base = isMerged ? null : ([], 0) };

    private static RunRules Rules() => new()
    {
        Force = false, OneFileSystem = false, Compare = default,
        Excludes = new RuleSet([new("*.never", RuleOrigin.Option), new("*", RuleOrigin.Option)], "/"u8.ToArray()),
        Paths = new RulePaths("/"u8.ToArray(), "/"u8.ToArray()), FindMoves = false,
        Safe = new SafeLooks([], [], [], 0), Granularity = 0, RecentAfter = default,
        Clocks = new SourceClocks(TimeProvider.System, 0) { MayProbe = false },
        Started = default, Groups = FileGroups.Of([]), RootDevice = 0, Own = [], Proof = null, Unstable = new UnstableSet([]),
    };

    private static byte[] Path(int number) => Encoding.ASCII.GetBytes("p" + number.ToString("D6", CultureInfo.InvariantCulture));

    private static string Text(ReadOnlySpan<byte> path) => Encoding.Latin1.GetString(path);
}
