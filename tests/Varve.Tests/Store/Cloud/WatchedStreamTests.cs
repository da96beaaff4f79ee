using Varve.S3;
using Varve.Store.Lines;
using Varve.Tests.App;
using Varve.Tests.Kit;

namespace Varve.Tests.Store.Cloud;

/// <summary>Connections on which nothing moves.</summary>
public sealed class WatchedStreamTests
{
    private readonly FakeTime _time = new();
    private readonly SilentStream _silent = new();

    [Fact]
    public void An_answer_is_waited_for_as_long_as_the_request_is_on_its_way_and_then_no_longer_than_said()
    {
        using var watched = new WatchedStream(_silent, default, _time);
        Task<int> answer = watched.ReadAsync(new byte[10]).AsTask();
        for (int i = 0; i < 5; i++)
        {
            _time.Advance(WatchedStream.LongestRead.TotalSeconds - 1);
            Assert.False(answer.IsCompleted);
            Assert.True(watched.WriteAsync(new byte[10]).AsTask().IsCompletedSuccessfully);
        }

        Poll.Until(() =>
        {
            _time.Advance(WatchedStream.LongestRead.TotalSeconds + 1);
            return answer.IsCompleted;
        }, "nobody waits any more");
        Assert.Contains("nothing moves any more", Assert.IsType<IOException>(answer.Exception!.InnerException).Message);
    }

    [Fact]
    public void Who_gives_up_is_told_so()
    {
        using var watched = new WatchedStream(_silent, default, _time);
        using var stop = new CancellationTokenSource();
        Task<int> answer = watched.ReadAsync(new byte[10], stop.Token).AsTask();
        stop.Cancel();
        Poll.Until(() => answer.IsCompleted, "it is given up");
        Assert.True(answer.IsCanceled);
    }

    /// <summary>Takes all, and never says a word.</summary>
    private sealed class SilentStream : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }
    }
}
