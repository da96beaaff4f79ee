using System.Text;
using Varve.Backup.Passes;
using Varve.Backup.Run;
using Varve.Model;

namespace Varve.Backup.Mapped;

/// <summary>
/// The entries of a directory of the source, brought together from the directories that have them. Of several of one name the newest by
/// mtime is taken, the first of equals; but what has directories below it stays one. What is left out is noted. Used by one thread.
/// </summary>
internal sealed class MappedListing(DirectoryNode node, MappedDirectory directory, BackupPass pass)
{
    private readonly byte[] _path = node.Path();
    private readonly Dictionary<string, MappedEntry> _entries = new(StringComparer.Ordinal);

    /// <summary>What there is, by name. A child directory that is no directory anywhere is not among it.</summary>
    internal IEnumerable<MappedEntry> Entries => _entries.OrderBy(static e => e.Key, StringComparer.Ordinal).Select(static e => e.Value);

    /// <summary>Child directories of the source that no directory is.</summary>
    internal IEnumerable<MappedDirectory> Others =>
        directory.Children.Where(c => !_entries.ContainsKey(c.Key)).Select(static c => c.Value);

    /// <summary>Takes those entries of a part that lie here.</summary>
    internal void Add(ActualDirectory part, ActualListing listing, MappedPaths paths)
    {
        foreach ((byte[] name, int errno) in listing.Failed)
        {
            if (PathOf(part, name, paths) is not { } path) { continue; }
            node.AddUnseen(MappedPaths.NameIn(path));
            pass.Tally.Fail(new Failure(path, FailedOperation.Stat, errno, Platform.Errno.Message(errno)));
        }

        for (int i = 0; i < listing.Entries.Count; i++)
        {
            ReadOnlySpan<byte> name = listing.Entries.Name(i);
            if (PathOf(part, name, paths) is not { } path) { continue; }
            ref EntryStat stat = ref listing.Entries.Stat(i);
            byte[] here = MappedPaths.NameIn(path).ToArray();
            string key = Encoding.Latin1.GetString(here);
            bool isChild = directory.Children.ContainsKey(key);
            bool isEntered = stat.Kind == EntryKind.Directory && part.Place.Filter.Enters(part.Node.Device, in stat, part.UnmappedOf(name));
            // All that was in it lies elsewhere; or it was made since, and then the directory has changed.
            if (isEntered && !isChild) { continue; }
            var entry = new MappedEntry(here, part, name.ToArray(), stat);
            if (isChild && !entry.IsDirectory) { TellLost(entry, "has the name of a directory"); }
            else if (!_entries.TryGetValue(key, out MappedEntry? other)) { _entries.Add(key, entry); }
            else { _entries[key] = Choose(other, entry); }
        }
    }

    private MappedEntry Choose(MappedEntry first, MappedEntry second)
    {
        bool isSecond = second.Stat.Mtime > first.Stat.Mtime;
        (MappedEntry winner, MappedEntry loser) = isSecond ? (second, first) : (first, second);
        if (!winner.IsDirectory || !loser.IsDirectory)
        {
            string other = PathText.Of(winner.Part.LiveOf(winner.ActualName));
            TellLost(loser, $"{other} {(winner.Stat.Mtime > loser.Stat.Mtime ? "is newer" : "is as new and comes first")}");
        }

        return winner;
    }

    private void TellLost(MappedEntry loser, string why)
    {
        if (node.IsAgain || pass.Intake.IsOrdering) { return; }
        pass.Tally.Note(new Notice(Subject.None, $"left out {PathText.Of(loser.Part.LiveOf(loser.ActualName))}: {why}"));
    }

    /// <summary>Where an entry of a part lies, if that is here.</summary>
    private byte[]? PathOf(ActualDirectory part, ReadOnlySpan<byte> name, MappedPaths paths) =>
        paths.Of(part.LiveOf(name), part.UnmappedOf(name)) is { } path && MappedPaths.Above(path).SequenceEqual(_path) ? path : null;
}
