using Varve.Backup.Content;
using Varve.Backup.Run;
using Varve.Backup.Unstable;
using Varve.Model;
using Varve.Platform;

namespace Varve.Archives.Feed;

/// <summary>
/// A large file that is read by pieces: the file itself, or a copy of it as of one moment. Owns both until it is disposed of. Of a snapshot
/// there is nothing open, and pieces bring their bytes along.
/// </summary>
internal sealed class LargeContent(SafeFd file, SpoolFile? copy, EntryStat before) : IDisposable
{
    private int _isShort;

    /// <summary>What is read.</summary>
    internal int Fd => copy?.Fd ?? file.Value;

    /// <summary>Running CRC-32 of what was taken so far. For who takes.</summary>
    internal uint Crc { get; set; }

    /// <summary>Bytes taken so far, as they are written. For who takes.</summary>
    internal long Written { get; set; }

    /// <summary>A piece ended before its end.</summary>
    internal void IsShort() => Volatile.Write(ref _isShort, 1);

    /// <summary>Whether what was read is of one moment: for a file that was read where it is, once all pieces were.</summary>
    internal bool HasHeldStill()
    {
        if (Volatile.Read(ref _isShort) != 0) { return false; }
        if (copy is not null || !file.IsOpen) { return true; }
        return Posix.Stat(file.Value, out EntryStat now) == 0 && EntryEquality.HeldStill(in before, in now) && EndsThere();
    }

    private bool EndsThere()
    {
        try { return !FileBytes.GoesOn(file.Value, before.Size); }
        catch (ReadFailedException) { return false; }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        copy?.Dispose();
        file.Close();
    }
}
