using System.Globalization;
using System.Text;
using Varve.Archives.Foreign;
using Varve.Archives.Lists;
using Varve.Archives.Plan;
using Varve.Model.Rules;
using Varve.Model.Snapshots;
using Varve.Tests.Kit;

namespace Varve.Tests.Archives.Plan;

/// <summary>Plans: what is due, in which order, and how it is cut.</summary>
public sealed class PlannerTests : IDisposable
{
    private static readonly PathMapping s_none = new([]);
    private readonly ScratchDirectory _d = new();

    public void Dispose() => _d.Dispose();

    [Fact]
    public void What_was_never_saved_or_is_newer_is_due_and_the_newest_comes_first()
    {
        Outcome plan = Plan("100 1 /same\n205 2 /newer\n300 3 /new\n50 4 /older\n", "100 1 /same\n200 2 /newer\n90 4 /older\n7 9 /gone\n");
        Assert.Equal(["/new 300 3 -", "/newer 205 2 200"], plan.Due);
        Assert.Equal((2L, 5L), (plan.Summary.Due.Files, plan.Summary.Due.Bytes));
        Assert.Equal((2L, 1L, 1L), (plan.Summary.Saved.Files, plan.Summary.SavedNewer.Files, plan.Summary.Gone.Files));
    }

    [Theory]
    [InlineData("100.9", "100", 0, false)] // the fraction is not known there
    [InlineData("101.0", "100", 0, true)]
    [InlineData("102", "100", 2_000_000_000, false)]
    [InlineData("103", "100", 2_000_000_000, true)]
    [InlineData("100.000000002", "100.000000001", 0, true)]
    [InlineData("100.123456", "100.123456789", 0, false)]
    public void Times_are_one_within_what_both_tell_and_the_tolerance(string there, string saved, long tolerance, bool isDue)
    {
        Outcome plan = Plan($"{there} 1 /a\n", $"{saved} 1 /a\n", o => o with { Tolerance = tolerance });
        Assert.Equal(isDue, plan.Due.Count == 1);
    }

    [Fact]
    public void Of_several_with_one_canonical_name_the_newest_wins_and_the_others_are_told()
    {
        string list = "100 1 /mnt/old/a\n300 3 /home/a\n200 2 /mnt/disk/a\n";
        Outcome plan = Plan(list, "250 1 /all/a\n", mapping: new(["/mnt/old=/all", "re:^/(home|mnt/disk)/(.*)$=/all/$2"]));
        Assert.Equal(["/all/a 300 3 250 (/home/a)"], plan.Due);
        Assert.Equal(["/all/a 200 2 - (/mnt/disk/a)", "/all/a 100 1 - (/mnt/old/a)"], plan.Duplicates);
        Assert.Equal((2L, 3L), (plan.Summary.Duplicate.Files, plan.Summary.Duplicate.Bytes));
    }

    [Fact]
    public void A_prefix_is_a_path_and_no_beginning_of_a_name()
    {
        Outcome plan = Plan("1 1 /home/a\n1 1 /homestead/a\n1 1 /home\n", "", mapping: new(["/home=/x"]));
        Assert.Equal(["/homestead/a 1 1 -", "/x 1 1 - (/home)", "/x/a 1 1 - (/home/a)"], plan.Due.Order(StringComparer.Ordinal));
        Assert.Throws<VarveException>(() => new PathMapping(["/home"]));
        Assert.Throws<VarveException>(() => new PathMapping(["re:(=x"]));
    }

    [Fact]
    public void Rules_hold_for_the_actual_and_for_the_canonical_name_and_for_what_directories_contain()
    {
        string[] rules = ["*.o", "/recorded/tmp", "cache/", "!keep.o"];
        Outcome plan = Plan("1 1 /a/x.o\n1 1 /a/keep.o\n1 1 /a/tmp/y\n1 1 /a/cache/deep/z\n1 900 /a/large\n1 1 /a/ok\n", "",
            mapping: new(["/a=/recorded"]), rules: () => Rules(rules, 500));
        Assert.Equal(["/recorded/keep.o 1 1 - (/a/keep.o)", "/recorded/ok 1 1 - (/a/ok)"], plan.Due);
        Assert.Equal(4, plan.Summary.Excluded.Files);
    }

    [Theory]
    [InlineData(nameof(PlanOrder.Newest))]
    [InlineData(nameof(PlanOrder.Oldest))]
    [InlineData(nameof(PlanOrder.Name))]
    [InlineData(nameof(PlanOrder.Largest))]
    public void Whatever_the_lists_a_plan_is_what_sets_and_sorting_make_of_them(string by)
    {
        PlanOrder order = Enum.Parse<PlanOrder>(by);
        var random = new Random(7 + (int)order);
        (List<(byte[] Name, FileTime Time, long Size)> there, List<(byte[] Name, FileTime Time, long Size)> saved) = ([], []);
        for (int i = 0; i < 4000; i++)
        {
            byte[] name = Name(random);
            var time = new FileTime(random.Next(-50, 50), random.Next(3));
            (i % 2 == 0 ? there : saved).Add((name, time, random.Next(100)));
        }

        var options = Options() with { Order = order };
        using var planner = new Planner(options, () => Rules([], null));
        foreach ((byte[] name, FileTime time, long size) in there) { planner.AddThere(Entry(name, time, size), s_none, isWalked: false); }
        foreach ((byte[] name, FileTime time, long size) in saved) { planner.AddSaved(Entry(name, time, size), s_none); }
        var output = new Gathering();
        planner.Run(output, CancellationToken.None);
        var newest = saved.GroupBy(static s => Key(s.Name)).ToDictionary(static g => g.Key, static g => g.Max(static s => s.Time));
        var expected = there.GroupBy(static t => Key(t.Name)).Select(static g => (g.Key, Time: g.Max(static t => t.Time)))
            .Where(t => !newest.TryGetValue(t.Key, out FileTime before) || t.Time > before).ToList();
        Assert.Equal(expected.Select(static e => e.Key).Order(StringComparer.Ordinal),
            output.Files.Select(static f => f.Name).Order(StringComparer.Ordinal));
        Assert.Equal(there.Count - there.Select(static t => Key(t.Name)).Distinct().Count(), output.Duplicates.Count);
        for (int i = 1; i < output.Files.Count; i++)
        {
            (Gathered a, Gathered b) = (output.Files[i - 1], output.Files[i]);
            Assert.True(order switch
            {
                PlanOrder.Newest => a.Time >= b.Time,
                PlanOrder.Oldest => a.Time <= b.Time,
                PlanOrder.Largest => a.Size >= b.Size,
                _ => string.CompareOrdinal(a.Name, b.Name) < 0,
            });
        }
    }

    [Fact]
    public void A_budget_takes_exactly_the_newest_that_fit()
    {
        string list = string.Concat(Enumerable.Range(1, 20).Select(static i => $"{i} 10 /f{i:00}\n")) + "99 1000 /huge\n";
        Outcome plan = Plan(list, "", static o => o with { Budget = 55 });
        Assert.Equal(["/f20", "/f19", "/f18", "/f17", "/f16"], plan.Due.Select(static d => d.Split(' ')[0]));
        Assert.Equal((15L, 1L), (plan.Summary.BeyondBudget.Files, plan.Summary.TooLarge.Files));
    }

    [Fact]
    public void Volumes_are_filled_in_order_and_what_is_larger_has_one_of_its_own()
    {
        string list = string.Concat(Enumerable.Range(1, 7).Select(static i => $"{100 - i} {(i == 4 ? 500 : 40)} /f{i}\n"));
        Outcome plan = Plan(list, "", static o => o with { VolumeSize = 100 });
        Assert.Equal([1, 1, 2, 3, 4, 4, 5], plan.Volumes);
        Assert.Equal((5, 1L), (plan.Summary.Volumes, plan.Summary.Alone));
    }

    [Fact]
    public void Files_of_a_directory_stay_together_where_they_fit()
    {
        var random = new Random(3);
        string list = string.Concat(Enumerable.Range(0, 300).Select(i =>
            string.Create(CultureInfo.InvariantCulture, $"{random.Next(1000)} {random.Next(1, 30)} /d{random.Next(20):00}/f{i}\n")));
        foreach (PlanOrder order in Enum.GetValues<PlanOrder>())
        {
            Outcome plan = Plan(list, "", o => o with { VolumeSize = 400, KeepTogether = true, Order = order });
            Assert.Equal(300, plan.Due.Count);
            string[] directories = [.. plan.Due.Select(static d => d.Split('/')[1])];
            Assert.Equal(20, directories.Where((d, i) => i == 0 || directories[i - 1] != d).Count()); // one after the other
            var sizes = plan.Due.Select((d, i) => (Directory: directories[i], Size: int.Parse(d.Split(' ')[2], CultureInfo.InvariantCulture),
                Volume: plan.Volumes[i])).ToList();
            Assert.All(sizes.GroupBy(static s => s.Directory).Where(static g => g.Sum(static s => s.Size) <= 400),
                static g => Assert.Single(g.Select(static s => s.Volume).Distinct()));
            Assert.All(sizes.GroupBy(static s => s.Volume), static g => Assert.InRange(g.Sum(static s => s.Size), 1, 400));
        }
    }

    [Fact]
    public void That_sort_fails_is_an_error_and_no_empty_plan()
    {
        VarveException failed = Assert.Throws<VarveException>(
            () => Plan("1 1 /a\n", "", o => o with { Directory = Path.Combine(_d.Path, "none"), Sort = "/bin/false" }));
        Assert.Equal((ErrorKind.Storage, SubjectKind.Program), (failed.Kind, failed.Subject.Kind));
    }

    private PlanOptions Options() => new() { Sort = "/usr/bin/sort", Directory = _d.Path };

    private Outcome Plan(string there, string saved, Func<PlanOptions, PlanOptions>? with = null, PathMapping? mapping = null,
        Func<PlanRules>? rules = null)
    {
        PlanOptions options = with is null ? Options() : with(Options());
        using var planner = new Planner(options, rules ?? (() => Rules([], null)));
        planner.AddThere(new ListReader(Stream(there), ListFormat.Find("short"), "there"), mapping ?? s_none);
        var times = new LocalTimes(TimeZoneInfo.Utc, TimeProvider.System.GetUtcNow());
        planner.AddSaved(new SavedReader(Stream(saved), SavedFormat.Find("short"), "saved", times, null), s_none);
        var output = new Gathering();
        planner.Run(output, CancellationToken.None);
        return new Outcome([.. output.Files.Select(static f => f.ToString())], [.. output.Duplicates.Select(static f => f.ToString())],
            [.. output.Files.Select(static f => f.Volume)], planner.Summary);
    }

    private static PlanRules Rules(string[] rules, long? largerThan) =>
        new([.. rules.Select(static r => new ExcludeRule(r, RuleOrigin.Option))]) { LargerThan = largerThan };

    private static MemoryStream Stream(string text) => new(Encoding.UTF8.GetBytes(text));

    private static ListEntry Entry(byte[] name, FileTime time, long size) => new() { Name = name, Time = time, HasTime = true, Size = size };

    private static string Key(byte[] name) => Encoding.Latin1.GetString(name);

    /// <summary>Names that are prefixes of each other, with all bytes that mean something in a record.</summary>
    private static byte[] Name(Random random)
    {
        var name = new List<byte> { (byte)'/' };
        int length = random.Next(1, 4);
        byte[] all = [1, 2, 3, (byte)'\n', (byte)'a', 0x80, 0xFF, 0x11];
        for (int i = 0; i < length; i++) { name.Add(all[random.Next(all.Length)]); }
        return [.. name];
    }

    private sealed record Outcome(
        IReadOnlyList<string> Due, IReadOnlyList<string> Duplicates, IReadOnlyList<int> Volumes, PlanSummary Summary);

    private sealed record Gathered(string Name, string Actual, FileTime Time, long Size, FileTime? Saved, int Volume)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"{Name} {Time.Seconds} {Size} {(Saved is { } saved ? $"{saved.Seconds}" : "-")}{(Actual == Name ? "" : $" ({Actual})")}");
    }

    private sealed class Gathering : IPlanOutput
    {
        public List<Gathered> Files { get; } = [];

        public List<Gathered> Duplicates { get; } = [];

        public void Due(in PlanFile file) => Files.Add(Of(in file));

        public void Duplicate(in PlanFile file) => Duplicates.Add(Of(in file));

        private static Gathered Of(in PlanFile file) => new(Key(file.Canonical.ToArray()), Key(file.Actual.ToArray()), file.Time, file.Size,
            file.Saved, file.Volume);
    }
}
