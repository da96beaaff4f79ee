namespace Varve.Archives.Zip;

/// <summary>Numbers of the zip format (PKWARE's APPNOTE.TXT 6.3.10; Info-ZIP's extra fields), as far as they are used.</summary>
internal static class ZipLayout
{
    internal const uint LocalSignature = 0x04034B50, CentralSignature = 0x02014B50, EndSignature = 0x06054B50,
        End64Signature = 0x06064B50, Locator64Signature = 0x07064B50;

    internal const int LocalLength = 30, End64Length = 56;

    internal const ushort Stored = 0, Deflated = 8;

    internal const ushort FlagUtf8 = 0x800;

    internal const ushort Zip64Field = 1, TimeField = 0x5455, UnixField = 0x7875;

    /// <summary>The system that a mode in the upper half of the external attributes is of.</summary>
    internal const byte Unix = 3;

    /// <summary>From here on a field of 32 bits says that the zip64 field has the number.</summary>
    internal const uint Max32 = uint.MaxValue;

    /// <summary>Version 4.5: the first with zip64.</summary>
    internal const ushort Version45 = 45, Version20 = 20, Version10 = 10;

    /// <summary>The longest comment of an archive, and of a name.</summary>
    internal const int MostComment = 65_535;
}
