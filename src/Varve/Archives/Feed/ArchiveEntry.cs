using Varve.Archives.Sources;
using Varve.Model;

namespace Varve.Archives.Feed;

/// <summary>What an archive says of an entry. Written by whoever works on it, one thread after the other.</summary>
internal sealed class ArchiveEntry
{
    /// <summary>Its stat; of a file that of the moment at which it was read.</summary>
    internal EntryStat Stat;

    /// <summary>The root that it lies below.</summary>
    internal required ArchiveRoot Root { get; init; }

    /// <summary>Its path relative to that root, for failures.</summary>
    internal required byte[] Below { get; init; }

    /// <summary>Its path in the archive; of a directory with a slash at its end.</summary>
    internal required byte[] Path { get; init; }

    /// <summary>Where a symlink points to.</summary>
    internal byte[] Target { get; set; } = [];

    /// <summary>Extended attributes, where they are wanted.</summary>
    internal IReadOnlyList<Xattr> Xattrs { get; set; } = [];

    /// <summary>The names of its owners; empty if they have none.</summary>
    internal (byte[] User, byte[] Group) Owners { get; set; } = ([], []);

    /// <summary>It is another name of an entry before it, which has this path.</summary>
    internal byte[]? LinkTo { get; set; }

    /// <summary>What tells names of one file from those of others; none if it has one name.</summary>
    internal (ulong, ulong) LinkKey { get; init; }

    /// <summary>Where a file with holes has data; null for one without.</summary>
    internal IReadOnlyList<(long Offset, long Length)>? Segments { get; set; }

    /// <summary>It changed while it was read, each time it was tried: what is archived may mix moments.</summary>
    internal bool IsTorn { get; set; }

    /// <summary>Something of it could not be read. For who writes.</summary>
    internal bool IsFailed { get; set; }

    /// <summary>Bytes of content that are archived: without holes, if these are told.</summary>
    internal long ContentLength => Segments is null ? Stat.Size : Segments.Sum(static s => s.Length);
}
