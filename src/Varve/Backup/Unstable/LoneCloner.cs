using Varve.Backup.Content;
using Varve.Backup.Run;
using Varve.Model;

namespace Varve.Backup.Unstable;

/// <summary>
/// Clones a file together with which no other belongs at that moment. That a companion came and went between two looks is told by the
/// stats: then both the file and its directory changed in between. Where they cannot tell, because both change all the time or the clock is
/// not that of the time stamps, it is looked again and again: what is there during a writer's transactions is seen then. Stateless but for
/// what it is given; thread-safe.
/// </summary>
internal sealed class LoneCloner(RunRules rules, Spool spool, TimeProvider time)
{
    private const int Tries = 8;

    /// <summary>
    /// A clone of an open file, torn if it was seen with companions and never without; null where files cannot be cloned.
    /// <paramref name="directory"/> is the one the file is in.
    /// </summary>
    /// <exception cref="ReadFailedException">Its stat cannot be had.</exception>
    internal SpoolFile? TryClone(int file, int directory, Companions companions)
    {
        bool wasSeen = false;
        for (int i = 0; ; i++)
        {
            FileTime now = FileTime.From(time.GetUtcNow());
            FileBytes.Stat(directory, out EntryStat names);
            FileBytes.Stat(file, out EntryStat content);
            bool isSeen = companions.Exist();
            if (spool.TryClone(file, directory) is not { } clone) { return null; }
            isSeen |= companions.Exist();
            if (!isSeen && (HasHeldStill(directory, in names, now) || HasHeldStill(file, in content, now))) { return clone; }
            wasSeen |= isSeen;
            if (i + 1 == Tries)
            {
                if (wasSeen) { clone.Stability = Stability.Torn; }
                return clone;
            }

            clone.Dispose();
            Pause.After(wasSeen ? i : 0);
        }
    }

    private bool HasHeldStill(int fd, in EntryStat before, FileTime then)
    {
        FileBytes.Stat(fd, out EntryStat after);
        return EntryEquality.HeldStill(in before, in after) && rules.IsTickOver(in before, then);
    }
}
