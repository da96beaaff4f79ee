using Varve.Backup.Content;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Backup.Layers;

/// <summary>
/// Whether entries of two roots that are alike by kind, size and mtime have other content all the same. Not thread-safe.
/// </summary>
internal sealed class AlikeContent
{
    private const int Piece = 1 << 20;

    private byte[] _one = [], _other = [];

    /// <summary>
    /// Whether they differ. False too if one of them cannot be read: of the one that is taken that is a failure, of the other nothing can
    /// be said.
    /// </summary>
    internal bool Differ(LayerEntry winner, LayerEntry loser, ReadOnlySpan<byte> name, CancellationToken cancelled)
    {
        if (winner.Stat.Inode == loser.Stat.Inode && winner.Stat.Device == loser.Stat.Device) { return false; }
        (int here, int there) = (FdOf(winner), FdOf(loser));
        ReadOnlySpan<byte> one = winner.Place is null ? name : winner.Place.Name, other = loser.Place is null ? name : loser.Place.Name;
        if (winner.Stat.Kind == EntryKind.Symlink)
        {
            return EntryReader.ReadLink(here, one, out byte[]? target) == 0 && EntryReader.ReadLink(there, other, out byte[]? lost) == 0
                && !target.AsSpan().SequenceEqual(lost);
        }

        if (winner.Stat.Kind != EntryKind.File || winner.Stat.Size == 0) { return false; }
        if (EntryReader.OpenFile(here, one, out SafeFd a) != 0) { return false; }
        try
        {
            if (EntryReader.OpenFile(there, other, out SafeFd b) != 0) { return false; }
            try { return Differ(a.Value, b.Value, winner.Stat.Size, cancelled); }
            finally { b.Close(); }
        }
        catch (ReadFailedException) { return false; }
        finally { a.Close(); }
    }

    private static int FdOf(LayerEntry entry) => (entry.Place?.Parent ?? entry.Part.Handle!).Fd;

    private bool Differ(int a, int b, long size, CancellationToken cancelled)
    {
        if (_one.Length == 0) { (_one, _other) = (new byte[Piece], new byte[Piece]); }
        for (long at = 0; at < size; at += Piece)
        {
            cancelled.ThrowIfCancellationRequested();
            int length = (int)Math.Min(Piece, size - at);
            int read = FileBytes.Read(a, at, _one.AsSpan(0, length), length), lost = FileBytes.Read(b, at, _other.AsSpan(0, length), length);
            if (!_one.AsSpan(0, read).SequenceEqual(_other.AsSpan(0, lost))) { return true; }
            if (read < length) { return false; }
        }

        return false;
    }
}
