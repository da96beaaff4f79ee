using Varve.Model;

namespace Varve.Archives.Tar;

/// <summary>An entry as a tar has it.</summary>
internal sealed class TarEntry
{
    /// <summary>Kind, mode, owner, time, device numbers; the size is that of the file, holes included.</summary>
    internal EntryStat Stat;

    /// <summary>Its path as it stands there.</summary>
    internal byte[] Path { get; set; } = [];

    /// <summary>What a symlink or a further name points to.</summary>
    internal byte[] Link { get; set; } = [];

    /// <summary>It is a further name of what has the path <see cref="Link"/>.</summary>
    internal bool IsFurtherName { get; set; }

    /// <summary>The names of its owners; empty for none.</summary>
    internal (byte[] User, byte[] Group) Owners { get; set; } = ([], []);

    /// <summary>Extended attributes, ACLs among them.</summary>
    internal List<Xattr> Xattrs { get; } = [];

    /// <summary>Where a file with holes has data; null for one without.</summary>
    internal List<(long Offset, long Length)>? Segments { get; set; }

    /// <summary>Bytes of content that follow in the archive.</summary>
    internal long DataLength { get; set; }

    /// <summary>Why it is not extracted; null if it may be.</summary>
    internal string? Refused { get; set; }
}
