using System.IO.Pipelines;

namespace Varve.Store.Lines;

/// <summary>
/// Two streams of bytes, one each way, for code that waits without holding a thread: pipes and standard streams know no such waiting, so
/// that two threads here read and write them. At most 1 MiB waits each way. Thread-safe.
/// </summary>
internal sealed class PumpedLine : IDuplexPipe, IDisposable
{
    private const int Most = 1 << 20, Piece = 64 << 10;

    private readonly Stream _input, _output;
    private readonly LineLimits _limits;
    private readonly Pipe _incoming, _outgoing;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Takes the streams over: the output is closed when all is written, the input at its end.</summary>
    internal PumpedLine(Stream input, Stream output, LineLimits limits = default)
    {
        (_input, _output, _limits) = (input, output, limits);
        (_incoming, _outgoing) = (new Pipe(Options(limits.Download)), new Pipe(Options(limits.Upload)));
        new Thread(ReadAll) { IsBackground = true, Name = "line in" }.Start();
        new Thread(WriteAll) { IsBackground = true, Name = "line out" }.Start();
    }

    /// <inheritdoc/>
    public PipeReader Input => _incoming.Reader;

    /// <inheritdoc/>
    public PipeWriter Output => _outgoing.Writer;

    /// <summary>Is done when the other side has closed its end, or cannot be read any more.</summary>
    internal Task Ended => _ended.Task;

    /// <summary>Writes nothing more than what is under way, and reads nothing more.</summary>
    public void Dispose()
    {
        _outgoing.Writer.Complete();
        _incoming.Reader.Complete();
    }

    private static PipeOptions Options(RateLimit? limit)
    {
        long most = limit?.Queue(Most) ?? Most;
        return new(pauseWriterThreshold: most, resumeWriterThreshold: most / 2, minimumSegmentSize: Piece, useSynchronizationContext: false);
    }

    private void ReadAll()
    {
        Exception? failure = null;
        try
        {
            while (true)
            {
                int read = _input.Read(_incoming.Writer.GetMemory(Piece).Span[..(_limits.Download?.Piece ?? Piece)]);
                if (read == 0) { break; }
                _limits.Download?.Take(read);
                _incoming.Writer.Advance(read);
                if (_incoming.Writer.FlushAsync().AsTask().GetAwaiter().GetResult().IsCompleted) { break; }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException) { failure = e as IOException; }

        _incoming.Writer.Complete(failure);
        _ended.TrySetResult();
        _input.Dispose();
    }

    private void WriteAll()
    {
        Exception? failure = null;
        try
        {
            while (true)
            {
                ReadResult result = _outgoing.Reader.ReadAsync().AsTask().GetAwaiter().GetResult();
                foreach (ReadOnlyMemory<byte> piece in result.Buffer) { Write(piece.Span); }
                _outgoing.Reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted) { break; }
            }

            _output.Flush();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException) { failure = e as IOException; }

        _outgoing.Reader.Complete(failure);
        try { _output.Dispose(); }
        catch (IOException) { /* nobody reads it */ }
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            int now = Math.Min(bytes.Length, _limits.Upload?.Piece ?? bytes.Length);
            _limits.Upload?.Take(now);
            _output.Write(bytes[..now]);
            bytes = bytes[now..];
        }
    }
}
