using Amazon.Runtime;
using Amazon.S3;
using Varve.Model;
using Varve.Store.Lines;

namespace Varve.S3;

/// <summary>
/// Requests to a service, each tried again as <see cref="Attempts"/> say. Thread-safe; callers wait on their own threads.
/// </summary>
internal sealed class S3Calls(IAmazonS3 client, S3Address address, TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource _stopped = new();
    private volatile bool _wasReached, _wasThere;

    /// <summary>The place.</summary>
    internal S3Address Address => address;

    /// <summary>Makes a request until it has an answer. It is made anew for each try.</summary>
    /// <param name="key">What it is about, for errors; empty for the whole.</param>
    /// <param name="done">What is done, as "read".</param>
    /// <param name="call">Sends it. An object that is not there it turns into a result.</param>
    /// <exception cref="VarveException">Storage, NoRepository; and what the call throws.</exception>
    internal T Do<T>(string key, string done, Func<IAmazonS3, CancellationToken, Task<T>> call)
    {
        Attempts? attempts = null;
        while (true)
        {
            try
            {
                ObjectDisposedException.ThrowIf(_stopped.IsCancellationRequested, this);
                T result = call(client, _stopped.Token).GetAwaiter().GetResult();
                _wasReached = true;
                _wasThere |= result is not null; // what is absent may lack its bucket
                return result;
            }
            catch (Exception e) when (e is AmazonServiceException or AmazonClientException or HttpRequestException or IOException
                or OperationCanceledException)
            {
                _wasReached |= e is AmazonServiceException { StatusCode: not 0 };
                attempts ??= new Attempts(new S3Errors(address, key, done, _wasReached, _wasThere), time, _stopped.Token);
                attempts.WaitAfter(e);
            }
        }
    }

    /// <summary>Ends it. No other call may run or follow.</summary>
    public void Dispose()
    {
        _stopped.Cancel();
        client.Dispose();
    }
}
