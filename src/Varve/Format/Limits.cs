namespace Varve.Format;

/// <summary>
/// How large things may be (docs/format.md). What a writer aims at is in the header of a repository; these are what a reader relies on.
/// </summary>
internal static class Limits
{
    /// <summary>The smallest size of chunks that a header may ask for.</summary>
    internal const int MinChunk = 64;

    /// <summary>The longest chunk, of content and of metadata.</summary>
    internal const int MaxChunk = 16 << 20;

    /// <summary>The longest raw block.</summary>
    internal const int MaxBlock = 32 << 20;

    /// <summary>The largest size of packs that a header may ask for.</summary>
    internal const int MaxPack = 1 << 30;

    /// <summary>
    /// The longest plaintext of an index run, and so of a footer, which is part of one; and the longest list of condemned packs.
    /// </summary>
    internal const int MaxListing = 64 << 20;

    /// <summary>The longest snapshot.</summary>
    internal const int MaxSnapshot = 16 << 20;

    /// <summary>The longest note.</summary>
    internal const int MaxNote = 1 << 20;

    /// <summary>The longest header, key slot and key file.</summary>
    internal const int MaxSmallObject = 64 << 10;

    /// <summary>The longest text in a header or key slot, base64 aside, in UTF-16 code units.</summary>
    internal const int MaxText = 1024;

    /// <summary>So many extents at most stand in an entry.</summary>
    internal const int MaxInlineExtents = 64;
}
