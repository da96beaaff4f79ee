namespace Varve.Format;

/// <summary>Where things lie in a pack (docs/format.md, 6): each offset is the one before and the length of what lies there.</summary>
internal static class PackLayout
{
    private const int MagicLength = 8, FormatLength = 1, KindLength = 1, ZeroLength = 6;

    /// <summary>16 random bytes.</summary>
    internal const int RandomLength = 16;

    /// <summary>The pack key, sealed to the repository's public key.</summary>
    internal const int SealedKeyLength = SealLayout.HpkeOverhead + SealLayout.KeyLength;

    /// <summary>Where the format byte lies.</summary>
    internal const int FormatOffset = MagicLength;

    /// <summary>Where the kind lies.</summary>
    internal const int KindOffset = FormatOffset + FormatLength;

    /// <summary>Where six zero bytes lie.</summary>
    internal const int ZeroOffset = KindOffset + KindLength;

    /// <summary>Where the random bytes lie.</summary>
    internal const int RandomOffset = ZeroOffset + ZeroLength;

    /// <summary>Where the sealed pack key lies: what is before it is clear, and bound to every block.</summary>
    internal const int SealedKeyOffset = RandomOffset + RandomLength;

    /// <summary>Length of the header, and where the first block lies: 145.</summary>
    internal const int HeaderLength = SealedKeyOffset + SealedKeyLength;

    /// <summary>Length of what follows the sealed footer: its length, and the end magic.</summary>
    internal const int TailLength = sizeof(uint) + MagicLength;

    /// <summary>The shortest stored block: a tag and one byte.</summary>
    internal const int MinStored = SealLayout.TagLength + 1;

    /// <summary>The format of the packs this program writes and reads.</summary>
    internal const byte Version = 1;

    /// <summary>The first 8 bytes.</summary>
    internal static ReadOnlySpan<byte> Magic => "VARVPACK"u8;

    /// <summary>The last 8 bytes.</summary>
    internal static ReadOnlySpan<byte> EndMagic => "KCAPVRAV"u8;
}
