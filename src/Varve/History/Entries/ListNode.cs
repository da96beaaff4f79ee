using Varve.Model;

namespace Varve.History.Entries;

/// <summary>
/// An entry that is still to be listed, or a directory above one: a name and what it lies in, so that what waits far down does not hold a
/// whole path each. Immutable.
/// </summary>
internal sealed class ListNode
{
    internal required ListNode? Parent { get; init; }

    /// <summary>Its name; of a listing's root, the path that was asked for.</summary>
    internal required byte[] Name { get; init; }

    /// <summary>A directory's; none for all else.</summary>
    internal ChunkId Tree { get; init; }

    internal EntryStat Stat { get; init; }

    internal EntryFlags Flags { get; init; }

    internal byte[]? Target { get; init; }

    internal string? User { get; init; }

    internal string? Group { get; init; }

    /// <summary>As it is shown.</summary>
    internal ListedEntry ToEntry() => new(Path(), Stat, Flags, Target, User, Group);

    /// <summary>From the root of the snapshot.</summary>
    internal byte[] Path()
    {
        int length = -1;
        for (ListNode? n = this; n is not null; n = n.Parent) { length += n.Name.Length + (n.Name.Length > 0 ? 1 : 0); }
        var path = new byte[Math.Max(0, length)];
        int at = path.Length;
        for (ListNode? n = this; n is not null; n = n.Parent)
        {
            if (n.Name.Length == 0) { continue; }
            if (at < path.Length) { path[--at] = (byte)'/'; }
            at -= n.Name.Length;
            n.Name.CopyTo(path.AsSpan(at));
        }

        return path;
    }
}
