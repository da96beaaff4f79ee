namespace Varve.Archives.Write;

/// <summary>How far an archive is. Read by others at any time.</summary>
internal sealed class ArchiveMonitor
{
    private long _files, _bytes;

    /// <summary>Files that were written.</summary>
    internal long Files => Volatile.Read(ref _files);

    /// <summary>Bytes of them.</summary>
    internal long Bytes => Volatile.Read(ref _bytes);

    /// <summary>A file is written.</summary>
    internal void Add(long bytes)
    {
        Interlocked.Increment(ref _files);
        Interlocked.Add(ref _bytes, bytes);
    }
}
