namespace Varve.Archives.Extract;

/// <summary>How far an extraction is. Thread-safe.</summary>
internal sealed class ExtractTally
{
    private long _files, _directories, _others, _bytes;

    /// <summary>Files that are there.</summary>
    internal long Files => Volatile.Read(ref _files);

    /// <summary>Directories.</summary>
    internal long Directories => Volatile.Read(ref _directories);

    /// <summary>Symlinks, fifos and devices.</summary>
    internal long Others => Volatile.Read(ref _others);

    /// <summary>Bytes of the files.</summary>
    internal long Bytes => Volatile.Read(ref _bytes);

    /// <summary>An entry is there.</summary>
    internal void Add(EntryKind kind, long bytes)
    {
        if (kind == EntryKind.File)
        {
            Interlocked.Increment(ref _files);
            Interlocked.Add(ref _bytes, bytes);
        }
        else if (kind == EntryKind.Directory) { Interlocked.Increment(ref _directories); }
        else { Interlocked.Increment(ref _others); }
    }
}
