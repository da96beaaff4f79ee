using Varve.Model;
using Varve.Platform;

namespace Varve.Restore.Resume;

/// <summary>Takes from a file what forbids to replace or remove it. Stateless.</summary>
internal static class Unforbid
{
    /// <summary>Whether it was forbidden and is not any more. The name must stand for the file that was looked at.</summary>
    internal static bool File(int directory, ReadOnlySpan<byte> name, in EntryStat there)
    {
        if (there.Kind != EntryKind.File || (there.Attributes & Posix.ForbiddingAttributes) == 0) { return false; }
        SafeFd file = default;
        int error = Posix.HoldAt(directory, name, out SafeFd held);
        if (error == 0) { error = Posix.Stat(held.Value, out EntryStat now) == 0 && now.Inode == there.Inode ? 0 : Errno.ESTALE; }
        if (error == 0) { error = Posix.OpenHeld(held.Value, Posix.O_RDONLY | Posix.O_NONBLOCK | Posix.O_NOCTTY, out file); }
        if (error == 0) { error = Posix.RemoveFlags(file.Value, Posix.ForbiddingAttributes); }
        file.Close();
        held.Close();
        return error == 0;
    }
}
