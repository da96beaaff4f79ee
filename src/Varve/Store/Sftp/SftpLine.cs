using Varve.Model;
using Varve.Store.Lines;
using Varve.Store.Wire;

namespace Varve.Store.Sftp;

/// <summary>
/// The way to a server of SFTP: one channel at a time, begun anew by whoever comes first after it was lost. Operations are tried again as
/// <see cref="Attempts"/> say. Thread-safe; callers wait on their own threads.
/// </summary>
internal sealed class SftpLine(IStoreLine line, string store, TimeProvider time, Retrying retrying = default) : ILineErrors, IDisposable
{
    private static readonly TimeSpan s_greeting = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopped = new();
    private SftpFiles? _files; // guarded by the gate
    private volatile bool _wasOpen;
    private string _remark = "";

    /// <summary>The store, for messages.</summary>
    internal string Store => store;

    /// <summary>Does something with files there until a line holds for it; it is given how many tries were lost before.</summary>
    /// <exception cref="VarveException">Storage: the server cannot be reached. And what the operation throws.</exception>
    internal T Do<T>(Func<SftpFiles, int, Task<T>> operation)
    {
        for (var attempts = new Attempts(this, time, _stopped.Token, retrying); ;)
        {
            try { return operation(Files(), attempts.Failed).GetAwaiter().GetResult(); }
            catch (IOException e) { attempts.WaitAfter(e); }
        }
    }

    /// <inheritdoc/>
    public VarveException? Final(Exception failure) =>
        failure.InnerException is VarveException told && !(told.IsRetryable && _wasOpen) ? told : null;

    /// <inheritdoc/>
    public VarveException Lost(Exception failure)
    {
        if (failure.InnerException is VarveException told) { return told; }
        return new VarveException(ErrorKind.Storage, Subject.Repository(store),
            $"does not answer any more: the connection to {line.Host} was lost{(_remark.Length > 0 ? ": " + _remark : "")}",
            Advice.CheckConnection, failure)
        { IsRetryable = true };
    }

    /// <summary>Ends the line. No other call may run or follow.</summary>
    public void Dispose()
    {
        _stopped.Cancel();
        lock (_gate) { _files?.Channel.Dispose(); }
    }

    private SftpFiles Files()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopped.IsCancellationRequested, this);
            if (_files is { Channel.IsUp: true } up) { return up; }
            _remark = _files?.Channel.Remark ?? _remark;
            _files?.Channel.Dispose();
            _files = null;
            // A failure to begin is one of the line, with what is to be said of it.
            try { _files = new SftpFiles(Begin()); }
            catch (VarveException e) { throw new IOException(e.Message, e); }
            _wasOpen = true;
            return _files;
        }
    }

    private SftpChannel Begin()
    {
        IOpenLine open = line.Open();
        try
        {
            using var limit = new CancellationTokenSource(s_greeting, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stopped.Token);
            (SftpChannel? channel, string said) = (null, "");
            try { (channel, said) = SftpChannel.Begin(open, both.Token).GetAwaiter().GetResult(); }
            catch (IOException e) { said = e.Message; }
            catch (OperationCanceledException) when (limit.IsCancellationRequested)
            {
                throw new VarveException(ErrorKind.Storage, Subject.Repository(store),
                    $"cannot be reached: {line.Host} did not answer within {s_greeting.TotalSeconds:0} seconds"
                    + (open.Remark.Length == 0 ? "" : ": " + open.Remark), Advice.CheckConnection)
                { IsRetryable = true };
            }

            if (channel is not null) { return channel; }
            if (said.Length == 0 && open.Reason(store) is { } reason) { throw reason; }
            throw new VarveException(ErrorKind.Storage, Subject.Repository(store),
                $"cannot be reached: what answers at {line.Host} is no SFTP server; it says "
                + (said.Length == 0 ? "nothing" : $"'{said.TrimEnd()}'"), Advice.OfferSftp);
        }
        catch
        {
            open.Dispose();
            throw;
        }
    }
}
