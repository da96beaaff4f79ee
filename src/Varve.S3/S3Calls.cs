using Amazon.Runtime;
using Amazon.S3;
using Varve.Model;
using Varve.Store.Lines;

namespace Varve.S3;

/// <summary>
/// Requests to a service, each tried again as <see cref="Attempts"/> say. Thread-safe; callers wait on their own threads.
/// </summary>
internal sealed class S3Calls(IAmazonS3 client, S3Address address, TimeProvider time, Retrying retrying) : IDisposable
{
    /// <summary>How long an answer without much in it is waited for.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _stopped = new();
    private volatile bool _wasReached, _wasThere;

    /// <summary>The place.</summary>
    internal S3Address Address => address;

    /// <summary>Makes a request until it has an answer. It is made anew for each try.</summary>
    /// <param name="key">What it is about, for errors; empty for the whole.</param>
    /// <param name="done">What is done, as "read".</param>
    /// <param name="call">Sends it. An object that is not there it turns into a result.</param>
    /// <param name="isLong">It moves much, or the service does: the connection alone says when nothing moves any more.</param>
    /// <exception cref="VarveException">Storage, NoRepository; and what the call throws.</exception>
    internal T Do<T>(string key, string done, Func<IAmazonS3, CancellationToken, Task<T>> call, bool isLong = false) =>
        DoAsync(key, done, call, isLong).GetAwaiter().GetResult();

    /// <summary>As <see cref="Do"/>, without holding the thread.</summary>
    internal async Task<T> DoAsync<T>(string key, string done, Func<IAmazonS3, CancellationToken, Task<T>> call, bool isLong = false)
    {
        Attempts? attempts = null;
        while (true)
        {
            try
            {
                ObjectDisposedException.ThrowIf(_stopped.IsCancellationRequested, this);
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stopped.Token);
                if (!isLong) { limit.CancelAfter(Patience); }
                T result = await call(client, limit.Token).ConfigureAwait(false);
                _wasReached = true;
                _wasThere |= result is not null; // what is absent may lack its bucket
                return result;
            }
            // Whatever the library throws, and the programs that it has credentials from: nothing of it is to end the process.
            catch (Exception e) when (e is not (VarveException or ObjectDisposedException))
            {
                _wasReached |= e is AmazonServiceException { StatusCode: not 0 };
                attempts ??= new Attempts(new S3Errors(address, key, done, _wasReached, _wasThere), time, _stopped.Token,
                    retrying);
                await attempts.WaitAfterAsync(e).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Does something for several at once, so many at a time. What hold threads meanwhile are the callers alone: the pool's are
    /// needed for the answers.</summary>
    /// <exception cref="VarveException">Of the first that fails; no other begins then.</exception>
    internal void ForEach<T>(IEnumerable<T> items, int atOnce, Func<T, Task> work)
    {
        var how = new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = _stopped.Token };
        Parallel.ForEachAsync(items, how, (item, _) => new ValueTask(work(item))).GetAwaiter().GetResult();
    }

    /// <summary>Ends it. No other call may run or follow.</summary>
    public void Dispose()
    {
        _stopped.Cancel();
        client.Dispose();
        (client.Config.HttpClientFactory as IDisposable)?.Dispose();
    }
}
