namespace Varve.Archives.Digest;

/// <summary>What a digest covers. The numbers are nowhere; the letters are docs/digest.md's.</summary>
internal enum DigestMode : byte
{
    /// <summary>Names, kinds, modes, sizes and modification times.</summary>
    Metadata,
    /// <summary>Content as well, and where symlinks point to.</summary>
    Content,
}
