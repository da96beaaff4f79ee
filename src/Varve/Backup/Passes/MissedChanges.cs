using Varve.Backup.Dirty;
using Varve.Backup.Run;
using Varve.Model;

namespace Varve.Backup.Passes;

/// <summary>
/// Compares what a look at everything finds changed with what whoever watched had told. What was not told is a defect of the watch, and is
/// told to people. Only what is surely older than the list counts: what changes while the run goes on is told to the next. A change that a
/// ctime alone shows does not count either: nobody is told of chattr. Thread-safe.
/// </summary>
/// <param name="told">The directories that were told, from the source's root.</param>
/// <param name="until">When they were told, in seconds since 1970.</param>
/// <param name="tally">Takes the notes.</param>
internal sealed class MissedChanges(DirtyNode told, long until, RunTally tally)
{
    // Clocks that stamp files are behind by up to two seconds.
    private readonly FileTime _before = new(until - 3, 0);

    /// <summary>
    /// Takes a directory that is not as the catalog has it; <paramref name="known"/> is what that has, and <paramref name="directory"/> its
    /// stat now.
    /// </summary>
    internal void See(DirectoryNode node, EntryTable known, in EntryStat directory)
    {
        byte[] path = node.Path();
        if (told.FindBelow(path) is { IsListed: true }) { return; }
        EntryTable listing = node.Listing;
        for (int i = 0; i < listing.Count; i++)
        {
            ref EntryStat now = ref listing.Stat(i);
            int k = known.Find(listing.Name(i));
            if (now.Ctime < _before && (k < 0 || IsOther(in now, in known.Stat(k)))) { Tell(node.Path(listing.Name(i))); }
        }

        if (directory.Ctime >= _before) { return; }
        for (int k = 0; k < known.Count; k++)
        {
            if (listing.Find(known.Name(k)) < 0) { Tell(node.Path(known.Name(k))); }
        }
    }

    // Of directories what is in them is compared by itself, and their own stamps change with it.
    private static bool IsOther(in EntryStat now, in EntryStat known) => now.Kind != known.Kind || now.Mode != known.Mode
        || now.Uid != known.Uid || now.Gid != known.Gid
        || (now.Kind != EntryKind.Directory && (now.Size != known.Size || now.Mtime != known.Mtime || now.Inode != known.Inode));

    private void Tell(byte[] path) => tally.Note(new Notice(Subject.Path(path),
        "has changed, and the watch had not told: it is saved now, but that is a defect, please report it"));
}
