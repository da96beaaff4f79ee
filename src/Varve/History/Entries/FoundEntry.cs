using Varve.Model;
using Varve.Tree;

namespace Varve.History.Entries;

/// <summary>One entry of a snapshot, with the names that its owners had when it was saved. Not thread-safe.</summary>
internal sealed class FoundEntry
{
    /// <summary>The entry, alone in a table: its owners as they were stored.</summary>
    internal EntryTable Table { get; } = new();

    /// <summary>The owner's name, bytes; empty if it had none.</summary>
    internal byte[] User { get; private set; } = [];

    /// <summary>The group's name, as <see cref="User"/>.</summary>
    internal byte[] Group { get; private set; } = [];

    internal ref EntryStat Stat => ref Table.Stat(0);

    internal ReadOnlySpan<byte> Details => Table.Details(0);

    /// <summary>Becomes the entry that a leaf stands at.</summary>
    internal void Take(ref TreeLeafReader leaf)
    {
        Table.Clear();
        Table.Add(leaf.Name, leaf.Stat, leaf.Details, leaf.Flags);
        User = leaf.UserName(leaf.Stat.Uid).ToArray();
        Group = leaf.GroupName(leaf.Stat.Gid).ToArray();
    }

    /// <summary>The same entry by another name.</summary>
    internal FoundEntry Called(ReadOnlySpan<byte> name)
    {
        var entry = new FoundEntry { User = User, Group = Group };
        entry.Table.Add(name, in Stat, Details, Table.Flags(0));
        return entry;
    }
}
