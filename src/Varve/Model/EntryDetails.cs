namespace Varve.Model;

/// <summary>The decoded details of an entry (docs/format.md, 8.1). Encoded and decoded by Tree/Details/DetailsCodec.</summary>
internal sealed class EntryDetails
{
    /// <summary>Inline extents; null when there are none or <see cref="ExtentList"/> has them.</summary>
    public IReadOnlyList<Extent>? Extents { get; set; }
    /// <summary>The extent list's chunk, or none.</summary>
    public ChunkId ExtentList { get; set; }
    /// <summary>A directory's tree, or none.</summary>
    public ChunkId ChildTree { get; set; }
    /// <summary>A symlink's target.</summary>
    public byte[]? SymlinkTarget { get; set; }
    /// <summary>A device's numbers.</summary>
    public (uint Major, uint Minor)? Device { get; set; }
    /// <summary>Entries with the same group are names of one file; 0 for none.</summary>
    public ulong LinkGroup { get; set; }
    /// <summary>Extended attributes, ascending by name.</summary>
    public IReadOnlyList<Xattr> Xattrs { get; set; } = [];
    /// <summary>Birth time.</summary>
    public FileTime? Birth { get; set; }
    /// <summary>stx_attributes bits the format keeps.</summary>
    public uint Attributes { get; set; }
    /// <summary>A directory on another file system than the one it lies in: its file system's key; 0 for none.</summary>
    public ulong Mount { get; set; }
}
