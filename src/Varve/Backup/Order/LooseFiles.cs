using Varve.Backup.Run;
using Varve.Model;
using Varve.Walk;

namespace Varve.Backup.Order;

/// <summary>
/// Some files of a directory, in a node of their own that has these alone: so neither its listing nor those of the directories above stay
/// in memory until they are read. Only for passes that complete no directory.
/// </summary>
internal sealed class LooseFiles
{
    internal LooseFiles(DirectoryNode node, FileList files, EntryTablePool tables)
    {
        Node = Loose(node, tables.Rent(), node.Known is null ? null : tables.Rent());
        if (node.Origins is not null) { Node.Origins = new EntryOrigins(); }
        var all = new List<(int Now, int Known)>();
        for (int i = 0; i < files.Count; i++) { all.Add(files[i]); }
        foreach (FileGroup group in files.Groups)
        {
            all.AddRange(group.ToRead);
            all.AddRange(group.Standing);
        }

        all.Sort(); // by name
        var places = new Dictionary<int, int>(); // in the listing before: in the one of these
        var rows = new Dictionary<int, int>();
        foreach ((int now, int known) in all)
        {
            places[now] = Node.Listing.Count;
            Add(node.Listing, now, Node.Listing);
            if (node.Origins is { } from) { from.CopyTo(Node.Origins!, now); }
            if (known < 0) { continue; }
            rows[known] = Node.Known!.Count;
            Add(node.Known!, known, Node.Known);
        }

        (int, int) Here((int Now, int Known) file) => (places[file.Now], file.Known < 0 ? -1 : rows[file.Known]);
        for (int i = 0; i < files.Count; i++) { Files.Add(Here(files[i])); }
        foreach (FileGroup group in files.Groups)
        {
            var copy = new FileGroup(group.Stem, group.Endings);
            foreach ((int Now, int Known) file in group.ToRead) { copy.ToRead.Add(Here(file)); }
            foreach ((int Now, int Known) file in group.Standing) { copy.Standing.Add(Here(file)); }
            Groups.Add(copy);
        }
    }

    internal DirectoryNode Node { get; }

    internal List<(int Now, int Known)> Files { get; } = [];

    internal List<FileGroup> Groups { get; } = [];

    private static DirectoryNode Loose(DirectoryNode node, EntryTable listing, EntryTable? known) => new()
    {
        Parent = node.Parent, IndexInParent = node.IndexInParent, Name = node.Name, Device = node.Device, MountKey = node.MountKey,
        Base = node.Base, Ignore = node.Ignore, Gap = node.Gap, IsIncomplete = node.IsIncomplete, IsKept = node.IsKept, Absent = node.Absent,
        Id = node.Id, MovedFrom = node.MovedFrom, IsNew = node.IsNew, Gaps = node.Gaps, Seen = node.Seen, IsLoose = true, Listing = listing,
        Known = known,
    };

    private static void Add(EntryTable from, int i, EntryTable to) =>
        to.Add(from.Name(i), in from.Stat(i), from.Details(i), from.Flags(i), from.First(i), from.Last(i));
}
