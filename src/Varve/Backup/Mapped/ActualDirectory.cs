using Varve.Backup.Run;
using Varve.Freeze;

namespace Varve.Backup.Mapped;

/// <summary>
/// A directory as it is read, of a source whose paths are mapped by rules. Made and filled by the thread that lists it, then not changed.
/// </summary>
/// <param name="place">Where the walk that it is of began.</param>
/// <param name="parent">The directory it lies in; null for a place itself.</param>
/// <param name="node">What rules about its place in the tree are asked with: its path is the one it would have without the mapping.</param>
/// <param name="live">Its absolute path.</param>
/// <param name="canonical">Its path in the source; null if it has none there.</param>
internal sealed class ActualDirectory(ActualPlace place, ActualDirectory? parent, DirectoryNode node, byte[] live, byte[]? canonical)
{
    internal ActualPlace Place { get; } = place;

    internal ActualDirectory? Parent { get; } = parent;

    internal DirectoryNode Node { get; } = node;

    internal byte[] Live { get; } = live;

    internal byte[]? Canonical { get; } = canonical;

    /// <summary>How it was when it was opened to be listed; 0 if a change since need not show.</summary>
    internal ulong Stamp { get; set; }

    /// <summary>What it was then.</summary>
    internal (ulong Device, ulong Inode) Identity { get; set; }

    /// <summary>Child directories that are entered.</summary>
    internal int Children { get; set; }

    /// <summary>The places of entries that could not be looked at; null: there are none.</summary>
    internal List<byte[]>? Unseen { get; set; }

    /// <summary>Whether each entry lies in the source under its own name in <see cref="Canonical"/>.</summary>
    internal bool IsDirect { get; set; }

    /// <summary>Whether it lies where it would without the mapping.</summary>
    internal bool IsAtHome => Canonical is not null && Canonical.AsSpan().SequenceEqual(Node.Path());

    /// <summary>The absolute path of an entry.</summary>
    internal byte[] LiveOf(ReadOnlySpan<byte> name) => Paths.Join(Live, name);

    /// <summary>The path that an entry would have in the source without the mapping.</summary>
    internal byte[] UnmappedOf(ReadOnlySpan<byte> name) => Node.Path(name);
}
