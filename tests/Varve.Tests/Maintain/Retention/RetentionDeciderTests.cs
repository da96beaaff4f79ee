using Varve.Maintain.Retention;

namespace Varve.Tests.Maintain.Retention;

/// <summary>Which snapshots of a group a policy keeps, and why.</summary>
public sealed class RetentionDeciderTests
{
    private static readonly TimeZoneInfo s_berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
    private static readonly FileTime s_now = PeriodsTests.Moment("2026-12-01T12:00:00Z");

    [Fact]
    public void The_last_ones_are_kept_and_those_of_periods_that_have_any()
    {
        string[] starts = ["2026-09-01", "2026-10-05", "2026-11-02", "2026-11-28T08:00", "2026-11-28T20:00", "2026-11-30T09:00",
            "2026-11-30T10:00"];
        Assert.Equal(["", "", "", "", "daily", "", "last daily"],
            Kept(new() { Counts = [new(Period.Snapshot, 1), new(Period.Day, 2)] }, starts));
        Assert.Equal(["", "monthly", "", "", "", "", "monthly"], Kept(new() { Counts = [new(Period.Month, 2)] }, starts));
        Assert.Equal(["monthly", "monthly", "", "", "", "", "monthly"],
            Kept(new() { Counts = [new(Period.Month, CountRule.Unlimited)] }, starts));
        Assert.Equal(["first", "", "", "", "", "", "yearly"],
            Kept(new() { Counts = [new(Period.Year, 3)], KeepsFirst = true }, starts));
    }

    [Fact]
    public void Of_two_in_one_second_the_newer_stands_for_its_hour()
    {
        string[] starts = ["2026-11-30T10:00:00", "2026-11-30T10:00:00"];
        Assert.Equal(["", "hourly"], Kept(new() { Counts = [new(Period.Hour, 5)] }, starts));
        Assert.Equal(["last", "last"], Kept(new() { Counts = [new(Period.Snapshot, 2)] }, starts));
    }

    [Fact]
    public void An_hour_that_clocks_show_twice_is_two()
    {
        string[] starts = ["2026-10-25T00:10Z", "2026-10-25T00:50Z", "2026-10-25T01:10Z", "2026-10-25T01:50Z"];
        Assert.Equal(["", "hourly", "", "hourly"], Kept(new() { Counts = [new(Period.Hour, 5)] }, starts));
        Assert.Equal(["", "", "", "daily"], Kept(new() { Counts = [new(Period.Day, 5)] }, starts));
    }

    [Fact]
    public void Durations_count_back_from_the_newest_and_never_from_now()
    {
        string[] starts = ["2020-01-01", "2020-05-01", "2020-05-09", "2020-05-10"]; // nothing for years
        Assert.Equal(["", "", "within", "within"], Kept(new() { Within = [new(Period.Snapshot, Duration("2d"))] }, starts));
        Assert.Equal(["", "", "", "withinMonthly"],
            Kept(new() { Within = [new(Period.Month, Duration("1m"))] }, starts));
        Assert.Equal(["withinMonthly", "", "", "withinMonthly"], Kept(new() { Within = [new(Period.Month, Duration("1y"))] }, starts));
    }

    [Fact]
    public void Of_snapshots_of_each_minute_ever_fewer_are_kept_with_age()
    {
        // One each minute of two days, one each hour of the two months before, one each day of two years before that.
        DateTimeOffset now = s_now.ToDateTimeOffset();
        var starts = new List<DateTimeOffset>();
        for (int i = 0; i < 2 * 24 * 60; i++) { starts.Add(now.AddMinutes(-i)); }
        for (int i = 48; i < 62 * 24; i++) { starts.Add(now.AddHours(-i)); }
        for (int i = 62; i < 800; i++) { starts.Add(now.AddDays(-i)); }
        starts.Reverse();
        RetentionPolicy policy = new RetentionPolicy().Thinned();
        string[] kept = [.. Kept(policy, [.. starts.Select(Text)])];
        Dictionary<int, int> byAge = starts.Zip(kept).Where(static x => x.Second.Length > 0).GroupBy(x => Band(now - x.First))
            .ToDictionary(static g => g.Key, static g => g.Count());
        Assert.Equal((61, 23, 29), (byAge[0], byAge[1], byAge[2]));
        Assert.InRange(byAge[3], 47, 60); // weeks, and months that end within one
        Assert.InRange(byAge[4], 14, 16);
        // What is thinned again loses nothing more.
        string[] left = [.. starts.Zip(kept).Where(static x => x.Second.Length > 0).Select(static x => Text(x.First))];
        Assert.DoesNotContain("", Kept(policy, left));

        static int Band(TimeSpan age) =>
            age.TotalHours <= 1 ? 0 : age.TotalDays <= 1 ? 1 : age.TotalDays <= 30 ? 2 : age.TotalDays <= 365 ? 3 : 4;

        static string Text(DateTimeOffset moment) => moment.ToString("yyyy-MM-ddTHH:mm:ssZ", null);
    }

    [Fact]
    public void What_begins_in_the_future_is_kept_and_takes_no_place()
    {
        string[] starts = ["2026-11-28", "2026-11-29", "2099-01-01"];
        Assert.Equal(["", "last", "future"], Kept(new() { Counts = [new(Period.Snapshot, 1)] }, starts));
        Assert.Equal(["within", "within", "future"], Kept(new() { Within = [new(Period.Snapshot, Duration("1d"))] }, starts));
        Assert.Equal(["", "yearly", "future"], Kept(new() { Counts = [new(Period.Year, 1)] }, starts));
    }

    [Fact]
    public void Pinned_undecided_and_partial_ones_take_no_place()
    {
        RetentionItem[] items = [.. ((string[])["2026-11-25", "2026-11-26", "2026-11-27", "2026-11-28", "2026-11-29"]).Select(Item)];
        items[1] = items[1] with { IsPartial = true };
        items[2] = items[2] with { IsPinned = true };
        items[3] = items[3] with { IsUndecided = true };
        items[4] = items[4] with { IsPartial = true };
        Assert.Equal(["last", "", "pinned", "undecided", "unfinished"], Kept(new() { Counts = [new(Period.Snapshot, 1)] }, items));
        Assert.Equal(["within", "within", "pinned", "undecided", "unfinished within"],
            Kept(new() { Within = [new(Period.Snapshot, Duration("1d"))] }, items));
        Assert.Equal(["last", "last", "pinned", "undecided", "unfinished last"],
            Kept(new() { Counts = [new(Period.Snapshot, CountRule.Unlimited)] }, items));
    }

    [Fact]
    public void A_tag_keeps_and_the_snapshot_takes_its_place_all_the_same()
    {
        RetentionItem[] items = [Item("2026-11-27"), Item("2026-11-28"), Item("2026-11-29") with { Tags = ["a", "release"] }];
        Assert.Equal(["", "", "last tag"], Kept(new() { Counts = [new(Period.Snapshot, 1)], Tags = ["release"] }, items));
        Assert.Equal(["", "", "tag"], Kept(new() { Tags = ["release", "other"] }, items));
    }

    [Fact]
    public void A_policy_that_keeps_nothing_is_empty()
    {
        Assert.True(new RetentionPolicy().IsEmpty);
        Assert.True(new RetentionPolicy { Counts = [new(Period.Day, 0)] }.IsEmpty);
        Assert.False(new RetentionPolicy { Counts = [new(Period.Day, 0), new(Period.Week, 1)] }.IsEmpty);
        Assert.False(new RetentionPolicy { Counts = [new(Period.Day, CountRule.Unlimited)] }.IsEmpty);
        Assert.False(new RetentionPolicy { KeepsFirst = true }.IsEmpty);
        Assert.False(new RetentionPolicy { Tags = ["a"] }.IsEmpty);
        Assert.False(new RetentionPolicy { Within = [new(Period.Snapshot, Duration("1d"))] }.IsEmpty);
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void It_keeps_what_the_plain_words_of_the_manual_keep(int seed)
    {
        var random = new Random(seed);
        int kept = 0, forgotten = 0;
        for (int round = 0; round < 60; round++)
        {
            TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById(Any(random, "Europe/Berlin", "UTC", "Asia/Kolkata", "America/New_York"));
            RetentionPolicy policy = Policy(random);
            RetentionItem[] group = Group(random);
            FileTime now = group.Length == 0 ? s_now : group[random.Next(group.Length)].Start;
            if (random.Next(3) > 0) { now = PeriodsTests.Moment("2040-01-01T00:00:00Z"); }
            IReadOnlyList<IReadOnlyList<KeepReason>> decided = new RetentionDecider(policy, now, zone).Decide(group);
            for (int i = 0; i < group.Length; i++)
            {
                string[] expected = Words(NaiveRetention.Reasons(policy, group, i, now, zone)), actual = Words(decided[i]);
                Assert.True(expected.SequenceEqual(actual), $"seed {seed}, round {round}, item {i} of {group.Length}, {group[i].Start}: "
                    + $"expected {string.Join(' ', expected)}, got {string.Join(' ', actual)}");
                if (actual.Length > 0) { kept++; }
                else { forgotten++; }
            }
        }

        Assert.True(kept > 100 && forgotten > 100, $"{kept} were kept and {forgotten} forgotten: that tells little");
    }

    private static RetentionPolicy Policy(Random random) => new()
    {
        Counts = [.. Enum.GetValues<Period>().Where(_ => random.Next(4) == 0)
            .Select(p => new CountRule(p, random.Next(8) == 0 ? CountRule.Unlimited : random.Next(5)))],
        Within = [.. Enum.GetValues<Period>().Where(_ => random.Next(5) == 0)
            .Select(p => new WithinRule(p, Duration(Any(random, "1h", "30h", "1d", "2w", "1m", "1y2m3d"))))],
        Tags = random.Next(4) == 0 ? ["a"] : [],
        KeepsFirst = random.Next(4) == 0,
    };

    /// <summary>Of minutes to months apart, over changes of clocks and turns of years, sometimes out of order.</summary>
    private static RetentionItem[] Group(Random random)
    {
        FileTime at = PeriodsTests.Moment(
            Any(random, "2026-10-24T18:00:00Z", "2026-12-27T00:00:00Z", "2028-02-25T00:00:00Z", "2026-03-28T20:00:00Z"));
        long step = Any(random, 900L, 3600, 40_000, 86_400, 700_000, 3_000_000);
        var items = new List<RetentionItem>();
        for (int i = random.Next(40); i > 0; i--)
        {
            items.Add(new RetentionItem(at, random.Next(6) == 0 ? ["a", "b"] : [])
            {
                IsPartial = random.Next(8) == 0, IsPinned = random.Next(10) == 0, IsUndecided = random.Next(15) == 0,
            });
            at = new FileTime(at.Seconds + (random.Next(12) == 0 ? -step : random.NextInt64(2 * step)), random.Next(1_000_000_000));
        }

        return [.. items];
    }

    private static T Any<T>(Random random, params T[] some) => some[random.Next(some.Length)];

    private static KeepDuration Duration(string text) => KeepDuration.TryParse(text)!.Value;

    private static RetentionItem Item(string start) => new(PeriodsTests.Moment(start), []);

    private static string[] Words(IEnumerable<KeepReason> reasons) =>
        [.. reasons.Select(static r => r.Rule + (r.Tag is null ? "" : ":" + r.Tag)).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Kept(RetentionPolicy policy, params string[] starts) => Kept(policy, [.. starts.Select(Item)]);

    private static IEnumerable<string> Kept(RetentionPolicy policy, RetentionItem[] items) =>
        new RetentionDecider(policy, s_now, s_berlin).Decide(items)
        .Select(static r => string.Join(' ', r.Select(static x => char.ToLowerInvariant($"{x.Rule}"[0]) + $"{x.Rule}"[1..])));
}
