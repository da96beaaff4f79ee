using Varve.Detect;
using Varve.Model;
using Varve.Model.Snapshots;

namespace Varve.Tests.Detect;

/// <summary>Before when a timestamp is safe, by whoever has seen the state, with which clock, and where.</summary>
public sealed class SafeLooksTests
{
    private static readonly byte[] s_home = "/home"u8.ToArray(), s_copy = "/copy"u8.ToArray(), s_other = "/other"u8.ToArray();

    [Fact]
    public void A_clock_set_back_does_not_undo_a_confirmation()
    {
        SafeTimes safe = Safe(s_home, granularity: 10, Whole(1, 100), Whole(3, 50) with { IsWhole = false });
        Assert.Equal(At(90), safe.For(3));
        Assert.Equal(At(90), safe.For(1));
    }

    [Fact]
    public void What_a_run_recorded_whose_clock_was_ahead_is_judged_by_the_clock_that_stamps_the_files_and_only_once()
    {
        // The first run began at 1000 by its own clock, and at 95 by that of the file system.
        Look first = Whole(1, 1000, (0, 95));
        Assert.Equal(At(95), Safe(s_home, 0, first).For(1));
        // It was read again, and recorded or confirmed, by a later one.
        SafeTimes after = Safe(s_home, 0, first, Whole(2, 2000, (0, 1095)));
        Assert.Equal((At(2000), At(1095)), (after.For(1), after.For(2)));
    }

    [Fact]
    public void Two_looks_within_a_tick_are_not_two()
    {
        SafeTimes safe = Safe(s_home, 0, Whole(1, 1000, (0, 95)), Whole(2, 1002, (0, 97)));
        Assert.Equal(At(97), safe.For(1));
    }

    [Fact]
    public void A_clock_that_is_behind_lets_the_start_decide()
    {
        Assert.Equal(At(100), Safe(s_home, 0, Whole(1, 100, (0, 3700))).For(1));
    }

    [Fact]
    public void Each_file_system_has_its_own_clock_and_of_one_that_was_not_seen_nothing_is_known()
    {
        var looks = new SafeLooks([Whole(1, 1000, (0, 1000), (7, 40))], s_home, s_home, 0);
        Assert.Equal(At(1000), looks.Since(0, 0).For(1));
        Assert.Equal(At(40), looks.Since(0, 7).For(1));
        Assert.Equal(SafeTimes.Never, looks.Since(0, 8).For(1));
        Assert.Equal(At(40), looks.Since(0, null).For(1)); // what several make up
    }

    [Fact]
    public void What_was_not_seen_since_was_safe_when_it_was_seen_last()
    {
        var looks = new SafeLooks([Whole(1, 100), Whole(2, 200), Whole(3, 300)], s_home, s_home, 0);
        Assert.Equal(At(300), looks.Since(0, 0).For(1));
        Assert.Equal(At(100), looks.Since(2, 0).For(1));
        Assert.Equal(At(200), looks.Since(2, 0).For(2)); // recorded on the way
        Assert.Equal(SafeTimes.Never, looks.Since(1, 0).For(0));
    }

    [Fact]
    public void What_was_read_twice_from_one_copy_is_settled_there_and_judged_once_more_anywhere_else()
    {
        Look first = At(s_copy, Whole(1, 1000, (0, 95))), again = At(s_copy, Whole(2, 2000, (0, 95)));
        Assert.Equal(At(2000), Safe(s_copy, 0, first, again).For(1));
        Assert.Equal(At(95), Safe(s_other, 0, first, again).For(1));
        Assert.Equal(At(95), Safe(s_home, 0, first, again).For(1));
        // Seen at another copy, or at home, since.
        Assert.Equal(At(3000), Safe(s_home, 0, first, again, At(s_other, Whole(3, 3000, (0, 95)))).For(1));
        Assert.Equal(At(3000), Safe(s_other, 0, first, again, Whole(3, 3000, (0, 2900))).For(1));
    }

    private static SafeTimes Safe(byte[] place, long granularity, params Look[] looks) =>
        new SafeLooks(looks, place, s_home, granularity * 1_000_000_000).Since(gap: 0, mountKey: 0);

    private static FileTime At(long seconds) => new(seconds, 0);

    private static Look At(byte[] place, Look look) => look with { Place = place };

    private static Look Whole(long number, long start, params (ulong Key, long Time)[] clocks) => new()
    {
        Number = number, Start = At(start), End = At(start + 1), IsWhole = true, Place = s_home,
        Clocks = clocks.Length == 0 ? null : [.. clocks.Select(static c => new FileSystemClock(c.Key, At(c.Time)))],
    };
}
