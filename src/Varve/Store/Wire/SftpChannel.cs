using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;
using Varve.Store.Lines;

namespace Varve.Store.Wire;

/// <summary>
/// Requests and answers of SFTP version 3 over one line, any number of them under way. When the line ends, all that wait fail with an
/// <see cref="IOException"/>. Thread-safe.
/// </summary>
internal sealed class SftpChannel : IDisposable
{
    /// <summary>The longest message that anybody sends; beyond that the other side is no SFTP server.</summary>
    internal const int MessageMost = 1 << 20;

    private readonly IOpenLine _line;
    private readonly ConcurrentDictionary<uint, TaskCompletionSource<SftpReply>> _waiting = new();
    private readonly SemaphoreSlim _turn = new(1); // whose request is written
    private uint _last;
    private volatile IOException? _failure;

    private SftpChannel(IOpenLine line, IReadOnlySet<string> extensions) => (_line, Extensions) = (line, extensions);

    /// <summary>What the server can beyond version 3, by name.</summary>
    internal IReadOnlySet<string> Extensions { get; }

    /// <summary>What was said beside the line last.</summary>
    internal string Remark => _line.Remark;

    /// <summary>Whether requests have a chance.</summary>
    internal bool IsUp => _failure is null;

    /// <summary>
    /// Begins one on a line of which nothing was read yet; the line is the channel's then. Null if there is no SFTP server, with what was
    /// said instead, for people.
    /// </summary>
    /// <exception cref="IOException">The line ended.</exception>
    internal static async Task<(SftpChannel? Channel, string Said)> Begin(IOpenLine line, CancellationToken cancelled)
    {
        // length, type, version
        await line.Bytes.Output.WriteAsync(new byte[] { 0, 0, 0, 5, (byte)SftpType.Init, 0, 0, 0, 3 }, cancelled).ConfigureAwait(false);
        while (true)
        {
            System.IO.Pipelines.ReadResult result = await line.Bytes.Input.ReadAsync(cancelled).ConfigureAwait(false);
            ReadOnlySequence<byte> buffer = result.Buffer;
            int length = LengthOf(buffer);
            bool isNone = length is 0 or < -1 || (buffer.Length >= 5 && buffer.Slice(4, 1).FirstSpan[0] != (byte)SftpType.Version);
            if (isNone || (result.IsCompleted && buffer.Length < 4 + Math.Max(length, 0)))
            {
                string said = Encoding.UTF8.GetString(buffer.Slice(0, Math.Min(60, buffer.Length)).ToArray());
                line.Bytes.Input.AdvanceTo(buffer.End);
                return (null, said);
            }

            if (length < 0 || buffer.Length < 4 + length)
            {
                line.Bytes.Input.AdvanceTo(buffer.Start, buffer.End);
                continue;
            }

            HashSet<string> extensions = Extended(buffer.Slice(5, length - 1).ToArray());
            line.Bytes.Input.AdvanceTo(buffer.GetPosition(4 + length));
            var channel = new SftpChannel(line, extensions);
            _ = Task.Run(channel.Listen, CancellationToken.None);
            return (channel, "");
        }
    }

    /// <summary>Sends a request; the answer is the caller's to dispose.</summary>
    /// <exception cref="IOException">The line ended.</exception>
    internal async Task<SftpReply> Send(SftpRequest request)
    {
        uint number = Interlocked.Increment(ref _last);
        var answer = new TaskCompletionSource<SftpReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[number] = answer;
        if (_failure is { } failure)
        {
            _waiting.TryRemove(number, out _);
            request.Return();
            throw failure;
        }

        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            System.IO.Pipelines.FlushResult flushed = await _line.Bytes.Output.WriteAsync(request.Numbered(number)).ConfigureAwait(false);
            if (flushed.IsCompleted) { Fail(new IOException("the connection was closed")); }
        }
        catch (Exception e) when (e is IOException or InvalidOperationException) { Fail(e); }
        finally
        {
            _turn.Release();
            request.Return();
        }

        return await answer.Task.ConfigureAwait(false);
    }

    /// <summary>Ends the line.</summary>
    public void Dispose()
    {
        Fail(new IOException("the connection was closed"));
        _line.Dispose();
    }

    /// <summary>How long the packet is that begins here, without its length; -1 if that is not there yet, less if it cannot be.</summary>
    private static int LengthOf(in ReadOnlySequence<byte> buffer)
    {
        if (buffer.Length < 4) { return -1; }
        Span<byte> head = stackalloc byte[4];
        buffer.Slice(0, 4).CopyTo(head);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(head);
        return length is >= 5 and <= MessageMost ? (int)length : -2;
    }

    private static HashSet<string> Extended(byte[] version)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var reader = new SftpReader(version);
        reader.U32(); // a server that knows more speaks version 3 with who asks for it
        while (!reader.IsAtEnd)
        {
            names.Add(Encoding.ASCII.GetString(reader.Bytes()));
            reader.Bytes();
        }

        return names;
    }

    private async Task Listen()
    {
        try
        {
            while (true)
            {
                System.IO.Pipelines.ReadResult result = await _line.Bytes.Input.ReadAsync().ConfigureAwait(false);
                ReadOnlySequence<byte> buffer = result.Buffer;
                while (TakeOne(ref buffer)) { }
                _line.Bytes.Input.AdvanceTo(buffer.Start, buffer.End);
                if (result.IsCompleted) { throw new IOException("the other side ended the connection"); }
            }
        }
        catch (Exception e) when (e is IOException or InvalidOperationException) { Fail(e); }
    }

    private bool TakeOne(ref ReadOnlySequence<byte> buffer)
    {
        int length = LengthOf(buffer);
        if (length < -1) { throw new IOException("the SFTP server sends what is no answer"); }
        if (length < 0 || buffer.Length < 4 + length) { return false; }
        byte[] bytes = ArrayPool<byte>.Shared.Rent(length);
        buffer.Slice(4, length).CopyTo(bytes);
        buffer = buffer.Slice(4 + length);
        var reply = new SftpReply(bytes, length);
        if (_waiting.TryRemove(BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(1)), out TaskCompletionSource<SftpReply>? answer))
        {
            answer.SetResult(reply);
        }
        else { reply.Dispose(); }
        return true;
    }

    private void Fail(Exception e)
    {
        _failure ??= e as IOException ?? new IOException(e.Message, e);
        foreach (uint number in _waiting.Keys)
        {
            if (_waiting.TryRemove(number, out TaskCompletionSource<SftpReply>? answer)) { answer.TrySetException(_failure); }
        }
    }
}
