using Varve.Backup.Run;
using Varve.Model;
using Varve.Model.Paths;

namespace Varve.Backup.Visit;

/// <summary>
/// Finds the files of a listing that belong together, and sorts what a merge says of them: one is read if any of its group is. Kept by a
/// walker and reused. Not thread-safe.
/// </summary>
internal sealed class GroupFinder(FileGroups groups)
{
    private readonly Dictionary<int, FileGroup> _byEntry = [];
    private readonly List<FileGroup> _found = [];
    private readonly byte[] _name = new byte[512];

    /// <summary>In the order in which they were found.</summary>
    internal IReadOnlyList<FileGroup> Found => _found;

    /// <summary>Looks through a listing. What was found before is forgotten.</summary>
    internal void Find(DirectoryNode node)
    {
        if (_found.Count > 0)
        {
            _byEntry.Clear();
            _found.Clear();
        }

        EntryTable listing = node.Listing;
        for (int i = 0; i < listing.Count; i++)
        {
            if (groups.MayEnd(listing.Name(i)) && listing.Stat(i).Kind == EntryKind.File && !_byEntry.ContainsKey(i)) { Find(node, i); }
        }
    }

    /// <summary>The group that an entry belongs to; null if it stands alone.</summary>
    internal FileGroup? Of(int entry) => _found.Count == 0 ? null : _byEntry.GetValueOrDefault(entry);

    private void Find(DirectoryNode node, int i)
    {
        foreach (byte[][] endings in groups.All)
        {
            foreach (byte[] ending in endings)
            {
                ReadOnlySpan<byte> stem = ending.Length == 0 ? default : FileGroups.Stem(node.Listing.Name(i), ending);
                if (!stem.IsEmpty && Take(node, i, stem, endings)) { return; }
            }
        }
    }

    private bool Take(DirectoryNode node, int i, ReadOnlySpan<byte> stem, byte[][] endings)
    {
        FileGroup? group = null;
        foreach (byte[] ending in endings)
        {
            if (stem.Length + ending.Length > _name.Length) { continue; }
            stem.CopyTo(_name);
            ending.CopyTo(_name, stem.Length);
            int other = node.Listing.Find(_name.AsSpan(0, stem.Length + ending.Length));
            if (other < 0 || other == i || !Belongs(node, i, other)) { continue; }
            if (group is null)
            {
                group = new FileGroup(stem.ToArray(), endings);
                _found.Add(group);
                _byEntry[i] = group;
            }

            _byEntry[other] = group;
        }

        return group is not null;
    }

    /// <summary>Of several roots each has files of its own; and a file is of one group only.</summary>
    private bool Belongs(DirectoryNode node, int i, int other) =>
        node.Listing.Stat(other).Kind == EntryKind.File && !_byEntry.ContainsKey(other)
        && (node.Origins is null || node.Origins.Handle(i) == node.Origins.Handle(other));
}
