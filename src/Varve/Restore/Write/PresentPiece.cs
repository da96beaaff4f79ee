using Varve.Restore.Target;

namespace Varve.Restore.Write;

/// <summary>
/// The file that one worker writes to at this moment, for whoever shows progress. Naming it copies a name and allocates nothing; its path
/// is made when somebody asks. Thread-safe.
/// </summary>
internal sealed class PresentPiece
{
    private const int LongestName = 255;

    private readonly Lock _lock = new();
    private readonly byte[] _name = new byte[LongestName];
    private TargetDirectory? _directory;
    private int _length;

    /// <summary>The worker begins with a piece of a file.</summary>
    internal void Begin(TargetDirectory directory, ReadOnlySpan<byte> name)
    {
        lock (_lock)
        {
            _length = Math.Min(name.Length, LongestName);
            name[.._length].CopyTo(_name);
            _directory = directory;
        }
    }

    /// <summary>The worker writes nothing.</summary>
    internal void End()
    {
        lock (_lock) { _directory = null; }
    }

    /// <summary>The path below the target; null if nothing is written.</summary>
    internal byte[]? Path()
    {
        lock (_lock) { return _directory?.RelativePath(_name.AsSpan(0, _length)); }
    }
}
