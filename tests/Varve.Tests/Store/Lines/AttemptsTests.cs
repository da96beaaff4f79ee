using Varve.Store.Lines;
using Varve.Tests.App;

namespace Varve.Tests.Store.Lines;

/// <summary>How often a request is tried again, and for how long.</summary>
public sealed class AttemptsTests
{
    private readonly FakeTime _time = new();
    private readonly List<TimeSpan> _pauses = [];

    [Fact]
    public void A_line_that_stays_lost_is_tried_seven_times_in_some_twenty_seconds()
    {
        var attempts = new Attempts(new Errors(), _time, default, new Retrying(default, Told, default));
        (VarveException e, TimeSpan took) = UntilGivenUp(attempts);
        Assert.Equal("lost", e.What);
        Assert.Equal(7, attempts.Failed);
        Assert.Equal(6, _pauses.Count);
        Assert.InRange(took.TotalSeconds, 9, 30);
    }

    [Fact]
    public void A_store_that_is_to_be_waited_for_is_tried_once_a_minute_until_the_time_is_over()
    {
        var attempts = new Attempts(new Errors(), _time, default, new Retrying(TimeSpan.FromHours(1), Told, default));
        (VarveException e, TimeSpan took) = UntilGivenUp(attempts);
        Assert.Equal("lost", e.What);
        Assert.InRange(took.TotalMinutes, 60, 62);
        Assert.InRange(attempts.Failed, 60, 140);
        Assert.All(_pauses, static p => Assert.InRange(p.TotalSeconds, 0.1, 60));
    }

    [Fact]
    public void What_was_never_reached_is_waited_for_only_when_asked_and_a_refusal_never()
    {
        var unreached = new Errors { Final = new VarveException(ErrorKind.Storage, Subject.None, "unreached") { IsRetryable = true } };
        Assert.Equal(TimeSpan.Zero, UntilGivenUp(new Attempts(unreached, _time, default)).Took);
        (VarveException e, TimeSpan took) =
            UntilGivenUp(new Attempts(unreached, _time, default, new Retrying(TimeSpan.FromMinutes(5), Told, default)));
        Assert.Equal("unreached", e.What);
        Assert.InRange(took.TotalMinutes, 5, 7);
        var refused = new Errors { Final = new VarveException(ErrorKind.Storage, Subject.None, "refused") };
        var asked = new Retrying(TimeSpan.FromMinutes(5), null, default);
        Assert.Equal(TimeSpan.Zero, UntilGivenUp(new Attempts(refused, _time, default, asked)).Took);
    }

    [Fact]
    public async Task Somebody_who_gives_up_ends_the_pause_and_nothing_is_tried_again()
    {
        using var stop = new CancellationTokenSource();
        var retrying = new Retrying(TimeSpan.FromHours(1), Told, stop.Token);
        Task pause = new Attempts(new Errors(), _time, default, retrying).WaitAfterAsync(new IOException());
        Assert.False(pause.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pause);
        VarveException e = await Assert.ThrowsAsync<VarveException>(
            () => new Attempts(new Errors(), _time, default, retrying).WaitAfterAsync(new IOException()));
        Assert.Equal("lost", e.What);
    }

    private void Told(VarveException failure, TimeSpan pause) => _pauses.Add(pause);

    private (VarveException Failure, TimeSpan Took) UntilGivenUp(Attempts attempts)
    {
        long began = _time.GetTimestamp();
        while (true)
        {
            Task pause = attempts.WaitAfterAsync(new IOException());
            while (!pause.IsCompleted) { _time.Advance(seconds: 0.05); }
            if (pause.Exception?.InnerException is VarveException given) { return (given, _time.GetElapsedTime(began)); }
        }
    }

    private sealed class Errors : ILineErrors
    {
        internal VarveException? Final { get; init; }

        VarveException? ILineErrors.Final(Exception failure) => Final;

        public VarveException Lost(Exception failure) => new(ErrorKind.Storage, Subject.None, "lost") { IsRetryable = true };
    }
}
