using System.IO.Pipelines;
using Varve.Model;
using Varve.Store.Lines;
using Varve.Tests.Kit;

namespace Varve.Tests.Store.Lines;

/// <summary>What may be moved in a second.</summary>
public sealed class RateLimitTests
{
    private const int Rate = 64 << 10;

    [Fact]
    public void Bytes_are_moved_when_those_before_are_paid_for_and_pauses_are_not_saved_up()
    {
        var time = new PausingTime();
        var limit = new RateLimit(Rate, time);
        limit.Take(Rate);
        Assert.Equal(TimeSpan.Zero, time.Passed);
        limit.Take(Rate / 2);
        Assert.Equal(TimeSpan.FromSeconds(1), time.Passed);
        limit.Take(1);
        Assert.Equal(TimeSpan.FromSeconds(1.5), time.Passed);
        time.Pass(TimeSpan.FromHours(1));
        limit.Take(Rate);
        limit.Take(1);
        Assert.Equal(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(2.5), time.Passed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_line_moves_no_more_than_its_limit_one_way_and_all_the_other(bool isUpload)
    {
        var time = new PausingTime();
        var limit = new RateLimit(Rate, time);
        var bytes = new byte[10 * Rate];
        new Random(1).NextBytes(bytes);
        var sent = new MemoryStream();
        using var line = new PumpedLine(new MemoryStream(bytes), sent, isUpload ? new LineLimits(limit, null) : new LineLimits(null, limit));
        Within.Run(() =>
        {
            line.Output.WriteAsync(bytes).AsTask().GetAwaiter().GetResult();
            line.Output.Complete();
            var got = new MemoryStream();
            line.Input.CopyToAsync(got).GetAwaiter().GetResult();
            line.Ended.GetAwaiter().GetResult();
            Poll.Until(() => !sent.CanWrite, "all is written, and the stream closed");
            Assert.Equal(bytes, got.ToArray());
            Assert.Equal(bytes, sent.ToArray());
        });
        // The last piece is paid for by whoever comes next.
        Assert.InRange(time.Passed, TimeSpan.FromSeconds(9.5), TimeSpan.FromSeconds(10));
        Assert.InRange(time.Longest, TimeSpan.Zero, TimeSpan.FromSeconds(0.2));
    }

    [Fact]
    public void A_limit_that_a_line_would_be_taken_for_dead_with_is_refused()
    {
        VarveException e = Assert.Throws<VarveException>(() => RateLimit.Of(RateLimit.Least - 1, TimeProvider.System));
        Assert.Equal(ErrorKind.Usage, e.Kind);
    }

    /// <summary>A clock that stands still but for the pauses, which are over at once.</summary>
    private sealed class PausingTime : TimeProvider
    {
        private long _passed, _longest;

        internal TimeSpan Passed => TimeSpan.FromTicks(Interlocked.Read(ref _passed));

        internal TimeSpan Longest => TimeSpan.FromTicks(Interlocked.Read(ref _longest));

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Read(ref _passed);

        internal void Pass(TimeSpan by) => Interlocked.Add(ref _passed, by.Ticks);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Pass(dueTime);
            _longest = Math.Max(_longest, dueTime.Ticks);
            return System.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
