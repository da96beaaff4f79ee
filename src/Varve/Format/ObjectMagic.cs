namespace Varve.Format;

/// <summary>The 8-byte magics that open sealed objects and are their sealing context (docs/format.md, 5).</summary>
internal static class ObjectMagic
{
    internal const int Length = 8;

    internal static ReadOnlySpan<byte> Index => "VARVEIDX"u8;

    internal static ReadOnlySpan<byte> Snapshot => "VARVESNP"u8;

    internal static ReadOnlySpan<byte> Condemned => "VARVECND"u8;

    internal static ReadOnlySpan<byte> Note => "VARVENOT"u8;

    internal static ReadOnlySpan<byte> Fence => "VARVEFNC"u8;

    internal static ReadOnlySpan<byte> Final => "VARVEFIN"u8;
}
