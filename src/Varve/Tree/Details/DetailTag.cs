namespace Varve.Tree.Details;

/// <summary>The tags of an entry's details (docs/format.md, 8.1).</summary>
internal static class DetailTag
{
    /// <summary>Inline extents.</summary>
    public const int Extents = 1;
    /// <summary>The id of an extent list.</summary>
    public const int ExtentList = 2;
    /// <summary>A directory's tree.</summary>
    public const int ChildTree = 3;
    /// <summary>A symlink's target.</summary>
    public const int SymlinkTarget = 4;
    /// <summary>A device's numbers.</summary>
    public const int Device = 5;
    /// <summary>Link group.</summary>
    public const int LinkGroup = 6;
    /// <summary>An extended attribute; repeats.</summary>
    public const int Xattr = 7;
    /// <summary>Birth time.</summary>
    public const int Birth = 8;
    /// <summary>stx_attributes.</summary>
    public const int Attributes = 9;
    /// <summary>A directory on another file system than the one it lies in: the key of its file system.</summary>
    public const int Mount = 10;

    // Those of the above that must not repeat.
    internal const ulong Single = (1 << 11) - 2 - (1 << Xattr);
}
