using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using System.Text;
using Varve.Backup.Run;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Archives.Digest;

/// <summary>
/// Threads that hash content, a batch of files each; those that have nothing to do help with a file of several pieces. A file whose stat is
/// another after it was read is read again, and what the record says of it is what it was then. Bounded: who puts a batch too many waits.
/// </summary>
internal sealed class ContentHasher : IDisposable
{
    private const int Tries = 4, BufferLength = 1 << 20;

    private readonly DigestTally _tally;
    private readonly HashQueue _queue = new();
    private readonly Thread[] _threads;
    private ExceptionDispatchInfo? _error;

    internal ContentHasher(int threads, DigestTally tally)
    {
        _tally = tally;
        _threads = new Thread[threads];
        for (int i = 0; i < threads; i++)
        {
            _threads[i] = new Thread(Work) { IsBackground = true, Name = $"varve-hash {i + 1}" };
            _threads[i].Start();
        }
    }

    /// <summary>What stands for the content of a device: its numbers.</summary>
    internal static void HashDevice(in EntryStat stat, Span<byte> hash) => SHA256.HashData(
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{stat.RdevMajor}:{stat.RdevMinor}")), hash);

    /// <summary>Hands a batch over; waits for room.</summary>
    internal void Put(ContentBatch batch)
    {
        if (!_queue.Put(batch)) { batch.Directory.Release(); }
    }

    /// <summary>Waits until all is hashed. Throws what stopped a thread.</summary>
    internal void Finish()
    {
        _queue.Complete();
        foreach (Thread thread in _threads) { thread.Join(); }
        _error?.Throw();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        IReadOnlyList<ContentBatch> left = _queue.Stop();
        foreach (Thread thread in _threads) { thread.Join(); }
        foreach (ContentBatch batch in left) { batch.Directory.Release(); }
    }

    private void Work()
    {
        var buffer = GC.AllocateUninitializedArray<byte>(BufferLength);
        try
        {
            while (_queue.Take(out ContentBatch? batch, out LargeFile? file))
            {
                if (file is not null) { Help(file, buffer); }
                else { Hash(batch!, buffer); }
            }
        }
#pragma warning disable CA1031 // a thread's edge: Finish throws it on
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _error, ExceptionDispatchInfo.Capture(e), null);
            foreach (ContentBatch batch in _queue.Stop()) { batch.Directory.Release(); }
        }
#pragma warning restore CA1031
    }

    private void Help(LargeFile file, byte[] buffer)
    {
        while (!file.IsTaken)
        {
            if (file.Work(buffer)) { _queue.TellDone(); }
        }
    }

    private void Hash(ContentBatch batch, byte[] buffer)
    {
        try
        {
            for (int i = 0; i < batch.Count; i++)
            {
                Hash(batch, i, buffer);
                _tally.Done(batch.Node);
            }
        }
        finally
        {
            batch.Directory.Release();
            _queue.Done();
        }
    }

    private void Hash(ContentBatch batch, int i, byte[] buffer)
    {
        int errno = EntryReader.OpenFile(batch.Directory.Fd, batch.Name(i), out SafeFd file);
        if (errno != 0)
        {
            Fail(batch, i, FailedOperation.Open, errno);
            return;
        }

        try
        {
            EntryStat stat = batch.Stat(i);
            Span<byte> hash = batch.Node.Value(batch.Place(i), batch.Name(i).Length);
            for (int tries = 0; tries < Tries; tries++)
            {
                errno = stat.Size > DigestFormat.PieceLength ? HashLarge(file.Value, stat.Size, buffer, hash)
                    : HashSmall(file.Value, stat.Size, buffer, hash);
                int failed = Posix.Stat(file.Value, out EntryStat now);
                if (failed != 0 || (errno != 0 && EntryEquality.HeldStill(in stat, in now)))
                {
                    Fail(batch, i, FailedOperation.Read, failed != 0 ? failed : errno);
                    return;
                }

                if (now.Kind != EntryKind.File) { break; }
                if (errno == 0 && EntryEquality.HeldStill(in stat, in now))
                {
                    DigestFormat.WriteStat(batch.Node.Records[batch.Place(i)..], in now);
                    return;
                }

                stat = now;
            }

            _tally.Fail(batch.Node, new Failure(batch.Node.Path(batch.Name(i)), FailedOperation.Changed, 0, "changed each time it was read"));
        }
        finally { file.Close(); }
    }

    private void Fail(ContentBatch batch, int i, FailedOperation operation, int errno) =>
        _tally.Fail(batch.Node, new Failure(batch.Node.Path(batch.Name(i)), operation, errno, Errno.Message(errno)));

    private static int HashSmall(int fd, long size, byte[] buffer, Span<byte> hash)
    {
        if (size <= buffer.Length)
        {
            int length = 0, errno = 0, read = 1;
            while (length < size && read > 0 && errno == 0)
            {
                errno = Posix.ReadAt(fd, buffer.AsSpan(length, (int)size - length), length, out read);
                length += read;
            }

            if (errno == 0 && length < size) { errno = Errno.EIO; }
            if (errno == 0) { SHA256.HashData(buffer.AsSpan(0, length), hash); }
            return errno;
        }

        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (long at = 0; at < size;)
        {
            int errno = Posix.ReadAt(fd, buffer.AsSpan(0, (int)Math.Min(buffer.Length, size - at)), at, out int read);
            if (errno == 0 && read == 0) { errno = Errno.EIO; }
            if (errno != 0) { return errno; }
            whole.AppendData(buffer.AsSpan(0, read));
            at += read;
        }

        whole.GetHashAndReset(hash);
        return 0;
    }

    private int HashLarge(int fd, long size, byte[] buffer, Span<byte> hash)
    {
        var file = new LargeFile(fd, size);
        _queue.Share(file);
        Help(file, buffer);
        _queue.Await(file);
        if (file.Error != 0) { return file.Error; }
        file.Finish(hash);
        return 0;
    }
}
