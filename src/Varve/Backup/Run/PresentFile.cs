using Varve.Model;

namespace Varve.Backup.Run;

/// <summary>
/// The file that one worker reads at this moment, for whoever shows progress. Naming it copies a name and allocates nothing; its path is
/// made when somebody asks. Thread-safe.
/// </summary>
internal sealed class PresentFile
{
    private const int LongestName = 255;

    private readonly Lock _lock = new();
    private readonly byte[] _name = new byte[LongestName];
    private DirectoryNode? _directory;
    private int _length;
    private long _since;

    /// <summary>The worker begins with a file.</summary>
    internal void Begin(DirectoryNode directory, ReadOnlySpan<byte> name)
    {
        lock (_lock)
        {
            _length = Math.Min(name.Length, LongestName);
            name[.._length].CopyTo(_name);
            _since = Environment.TickCount64;
            _directory = directory;
        }
    }

    /// <summary>The worker reads no file.</summary>
    internal void End()
    {
        lock (_lock) { _directory = null; }
    }

    /// <summary>The path, and since when (milliseconds of a clock of its own); null if no file is read.</summary>
    internal byte[]? Path(out long since)
    {
        lock (_lock)
        {
            since = _since;
            if (_directory is null) { return null; }
            return _directory.Parent is null ? [] : _directory.Path(_name.AsSpan(0, _length));
        }
    }
}
