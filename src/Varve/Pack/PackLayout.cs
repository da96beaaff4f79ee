namespace Varve.Pack;

/// <summary>Offsets, lengths and limits of packs (docs/format.md, 3, 5 and 6).</summary>
public static class PackLayout
{
    /// <summary>Where the format byte lies.</summary>
    public const int FormatOffset = 8;
    /// <summary>Where the kind lies.</summary>
    public const int KindOffset = 9;
    /// <summary>Where six zero bytes lie.</summary>
    public const int ZeroOffset = 10;
    /// <summary>Where 16 random bytes lie.</summary>
    public const int RandomOffset = 16;
    /// <summary>Where the HPKE <c>enc</c> lies; what is before it is bound into every block as associated data.</summary>
    public const int EncOffset = 32;
    /// <summary>Length of the header, and where the first block lies.</summary>
    public const int HeaderLength = 145;
    /// <summary>Length of what follows the sealed footer: its length, and the end magic.</summary>
    public const int TailLength = 12;
    /// <summary>The format of the packs this program writes and reads.</summary>
    public const byte Format = 1;
    /// <summary>The shortest stored block: a tag and one byte.</summary>
    public const int MinStored = TagLength + 1;
    /// <summary>Length of an AES-GCM tag.</summary>
    public const int TagLength = 16;
    /// <summary>The longest chunk.</summary>
    public const int MaxChunk = 16 << 20;
    /// <summary>The longest raw block.</summary>
    public const int MaxBlock = 32 << 20;

    private const int SaltLength = 32, SegmentLength = 1 << 20;

    /// <summary>The first 8 bytes.</summary>
    public static ReadOnlySpan<byte> Magic => "VARVPACK"u8;

    /// <summary>The last 8 bytes.</summary>
    public static ReadOnlySpan<byte> EndMagic => "KCAPVRAV"u8;

    /// <summary>How long a footer of <paramref name="plaintext"/> bytes is once sealed: salt, and a tag for each segment of 1 MiB.</summary>
    public static long SealedFooterLength(long plaintext) =>
        SaltLength + plaintext + TagLength * Math.Max(1, (plaintext + SegmentLength - 1) / SegmentLength);
}
