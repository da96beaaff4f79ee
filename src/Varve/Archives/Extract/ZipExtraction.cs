using System.Globalization;
using System.Runtime.ExceptionServices;
using Varve.Archives.Zip;
using Varve.Model;
using Varve.Platform.Files;
using Varve.Restore.Entries;

namespace Varve.Archives.Extract;

/// <summary>
/// Extracts a zip on several threads, each an entry at a time. Symlinks come last, so that none that the archive makes is on the way to
/// anything. What is wrong with one entry is that entry's failure.
/// </summary>
internal sealed class ZipExtraction(IRandomBytes file, ExtractOptions options, ExtractTarget target, ExtractTally tally)
{
    private const int MostSmall = 4 << 20, MostTarget = 4096, MostTaken = 64, MostTakenBytes = 1 << 20;

    private readonly List<(ZipEntry Entry, byte[][] Parts)> _links = [];
    private ExceptionDispatchInfo? _error;
    private int _next; // guarded by _links

    /// <summary>Looks at all entries, before anything is written: what may be extracted, by the places in the archive.</summary>
    /// <exception cref="VarveException">Damaged: the archive. Usage: it has more than the limits allow.</exception>
    internal static List<(ZipEntry Entry, byte[][] Parts)> Plan(IRandomBytes file, ExtractOptions options, Action<byte[], string> refuse)
    {
        List<ZipEntry> entries = ZipDirectory.Read(file, options.Limits.Entries, options.Zone);
        long bytes = 0, most = options.Limits.MostOf(file.Length);
        foreach (ZipEntry entry in entries)
        {
            if (entry.Refused is null) { bytes = Model.Bounds.Saturating.Add(bytes, entry.Stat.Size); }
        }

        if (bytes > most)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Path(options.Archive),
                string.Create(CultureInfo.InvariantCulture, $"says that it holds {bytes} bytes, and {most} are allowed"), Advice.SeeHelp);
        }

        var planned = new List<(ZipEntry Entry, byte[][] Parts, string Key)>();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (ZipEntry entry in entries)
        {
            byte[][]? parts = ExtractPath.Split(entry.Path, out string problem);
            if (parts is { Length: 0 } && entry.Stat.Kind != EntryKind.Directory) { (parts, problem) = (null, "it has no name"); }
            if (entry.Refused is not null || parts is null)
            {
                refuse(entry.Path, entry.Refused ?? problem);
                continue;
            }

            string key = ExtractPath.Key(parts);
            if (entry.Stat.Kind == EntryKind.Directory) { seen.TryAdd(key, 0); }
            else { seen[key] = seen.TryGetValue(key, out int count) ? count + 2 : 1; }
            planned.Add((entry, parts, key));
        }

        // Readers that take the first and readers that take the last would see different things.
        var result = new List<(ZipEntry, byte[][])>(planned.Count);
        foreach ((ZipEntry entry, byte[][] parts, string key) in planned)
        {
            if (seen[key] <= 1) { result.Add((entry, parts)); }
            else { refuse(entry.Path, "the archive has several entries of that name"); }
        }

        return result;
    }

    /// <summary>Extracts them.</summary>
    /// <exception cref="VarveException">Storage: the target is full.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal void Run(List<(ZipEntry Entry, byte[][] Parts)> entries, CancellationToken cancelled)
    {
        var threads = new Thread[options.Threads - 1];
        for (int i = 0; i < threads.Length; i++)
        {
            threads[i] = new Thread(() => Work(entries, cancelled)) { IsBackground = true, Name = $"varve-extract {i + 2}" };
            threads[i].Start();
        }

        Work(entries, cancelled);
        foreach (Thread thread in threads) { thread.Join(); }
        _error?.Throw();
        cancelled.ThrowIfCancellationRequested();
        var buffers = new ZipBuffers();
        foreach ((ZipEntry entry, byte[][] parts) in _links)
        {
            try { MakeLink(entry, parts, buffers); }
            catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { target.Fail(entry.Path, e.What); }
        }
    }

    private void Work(List<(ZipEntry Entry, byte[][] Parts)> entries, CancellationToken cancelled)
    {
        var buffers = new ZipBuffers();
        try
        {
            while (Take(entries, out int from, out int to))
            {
                for (int i = from; i < to; i++)
                {
                    if (cancelled.IsCancellationRequested || Volatile.Read(ref _error) is not null) { return; }
                    (ZipEntry entry, byte[][] parts) = entries[i];
                    try { Extract(entry, parts, buffers); }
                    catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { target.Fail(entry.Path, e.What); }
                }
            }
        }
#pragma warning disable CA1031 // a thread's edge: Run throws it on
        catch (Exception e) { Interlocked.CompareExchange(ref _error, ExceptionDispatchInfo.Capture(e), null); }
#pragma warning restore CA1031
    }

    /// <summary>
    /// The next entries for a thread: several that lie one behind the other, so that threads are seldom in one directory, and no more than
    /// leaves work for the others.
    /// </summary>
    private bool Take(List<(ZipEntry Entry, byte[][] Parts)> entries, out int from, out int to)
    {
        lock (_links)
        {
            (from, to) = (_next, _next);
            for (long bytes = 0; to < entries.Count && to - from < MostTaken && bytes < MostTakenBytes; to++)
            {
                bytes += entries[to].Entry.Packed;
            }

            _next = to;
            return to > from;
        }
    }

    private void Extract(ZipEntry entry, byte[][] parts, ZipBuffers buffers)
    {
        uint without = target.Umask;
        EntryStat stat = entry.Stat;
        if (!entry.HasMode) { stat.Mode = (stat.Kind == EntryKind.Directory ? Modes.Everything : 0x1B6u) & ~without; }
        if (stat.Kind == EntryKind.Symlink)
        {
            lock (_links) { _links.Add((entry, parts)); }
            return;
        }

        if (stat.Kind == EntryKind.Directory)
        {
            stat.Size = 0;
            if (target.MakeDirectory(entry.Path, parts, in stat, null, entry.HasOwner)) { tally.Add(stat.Kind, 0); }
            return;
        }

        using ZipContent content = ZipContent.Open(file, entry, ref buffers.Packed);
        bool isThere = stat.Size <= MostSmall ? ExtractSmall(entry, parts, content, in stat, buffers)
            : ExtractLarge(entry, parts, content, in stat, buffers.Content);
        if (isThere) { tally.Add(stat.Kind, stat.Size); }
    }

    private bool ExtractSmall(ZipEntry entry, byte[][] parts, ZipContent content, in EntryStat stat, ZipBuffers buffers)
    {
        if (buffers.Content.Length <= stat.Size) { buffers.Content = GC.AllocateUninitializedArray<byte>((int)stat.Size + 1); }
        byte[] buffer = buffers.Content;
        int length = 0;
        for (int read = 1; read > 0; length += read) { read = content.Read(buffer.AsSpan(length)); }
        return target.WriteSmall(entry.Path, parts, buffer.AsSpan(0, length), in stat, null, entry.HasOwner, remembers: false);
    }

    private bool ExtractLarge(ZipEntry entry, byte[][] parts, ZipContent content, in EntryStat stat, byte[] buffer)
    {
        using RestoredFile? large = target.Create(entry.Path, parts, stat.Size, entry.HasOwner);
        if (large is null) { return false; }
        long at = 0;
        for (int read; (read = content.Read(buffer)) > 0; at += read)
        {
            // A file that could not be written has a failure for each piece otherwise.
            if (large.WriteAt(buffer.AsSpan(0, read), at) is { Ok: false } outcome)
            {
                target.Fail(entry.Path, outcome.Message);
                return false;
            }
        }

        return target.Finish(entry.Path, parts, large, in stat, null, remembers: false);
    }

    private void MakeLink(ZipEntry entry, byte[][] parts, ZipBuffers buffers)
    {
        if (entry.Stat.Size > MostTarget)
        {
            target.Fail(entry.Path, "it is a symbolic link with a target that is too long");
            return;
        }

        using ZipContent content = ZipContent.Open(file, entry, ref buffers.Packed);
        Span<byte> buffer = buffers.Content.AsSpan(0, MostTarget + 1);
        int length = 0;
        for (int read = 1; read > 0 && length < buffer.Length; length += read) { read = content.Read(buffer[length..]); }
        var details = new EntryDetails { SymlinkTarget = buffer[..length].ToArray() };
        bool isThere = target.MakeOther(entry.Path, parts, in entry.Stat, details, entry.HasOwner, remembers: false);
        if (isThere) { tally.Add(EntryKind.Symlink, 0); }
    }
}
