using Varve.Backup.Run;
using Varve.Model;
using Varve.Platform;

namespace Varve.Backup.Unstable;

/// <summary>
/// A copy of a file: a named file in the spool, or a clone without a name. Owns its descriptor, its name and its share of the spool's room.
/// Not thread-safe.
/// </summary>
internal sealed class SpoolFile(Spool spool, SafeFd file, byte[]? name) : IDisposable
{
    private SafeFd _file = file;
    private long _length;

    /// <summary>Null for a clone.</summary>
    internal byte[]? Name => name;

    internal int Fd => _file.Value;

    /// <summary>The file's stat at the moment the copy shows, with the copy's size.</summary>
    internal EntryStat Moment;

    internal Stability Stability { get; set; }

    /// <summary>Bytes of the spool's room it takes: what is written to it, not its holes.</summary>
    internal long Taken { get; private set; }

    internal long Length => _length;

    /// <summary>Writes at the end or behind it; false if there is no room.</summary>
    internal bool Write(ReadOnlySpan<byte> bytes, long at)
    {
        if (bytes.IsEmpty) { return true; }
        if (!spool.TryTake(bytes.Length)) { return false; }
        Taken += bytes.Length;
        if (Posix.WriteAllAt(Fd, bytes, at) != 0) { return false; }
        _length = Math.Max(_length, at + bytes.Length);
        return true;
    }

    /// <summary>Makes it that long: what was not written is a hole.</summary>
    internal bool Extend(long length)
    {
        if (length <= _length) { return true; }
        if (Posix.SetLength(Fd, length) != 0) { return false; }
        _length = length;
        return true;
    }

    /// <summary>Empties it for another try.</summary>
    internal bool Clear()
    {
        spool.GiveBack(Taken);
        Taken = 0;
        _length = 0;
        return Posix.SetLength(Fd, 0) == 0;
    }

    /// <summary>A copy that is kept for later holds no descriptor, unless it has no name.</summary>
    internal void Park()
    {
        if (name is null) { return; }
        _file.Close();
        _file = default;
    }

    /// <summary>Opens what <see cref="Park"/> closed; false if it is gone.</summary>
    internal bool Resume()
    {
        if (!_file.IsOpen) { _file = spool.Reopen(name!); }
        return _file.IsOpen;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Close();
        _file = default;
        spool.Removed(this);
        Taken = 0;
    }
}
