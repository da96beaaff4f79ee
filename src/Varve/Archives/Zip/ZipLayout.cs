namespace Varve.Archives.Zip;

/// <summary>Numbers of the zip format (PKWARE's APPNOTE.TXT 6.3.10; Info-ZIP's extra fields), as far as they are used.</summary>
internal static class ZipLayout
{
    internal const uint LocalSignature = 0x04034B50, CentralSignature = 0x02014B50, EndSignature = 0x06054B50,
        End64Signature = 0x06064B50, Locator64Signature = 0x07064B50;

    internal const int LocalLength = 30, CentralLength = 46, EndLength = 22, End64Length = 56, Locator64Length = 20;

    internal const ushort Stored = 0, Deflated = 8;

    internal const ushort FlagEncrypted = 1, FlagDescriptor = 8, FlagStrongEncryption = 0x40, FlagUtf8 = 0x800, FlagMasked = 0x2000;

    internal const ushort Zip64Field = 1, TimeField = 0x5455, UnixField = 0x7875, OldUnixField = 0x5855, NtfsField = 0x000A,
        UnicodePathField = 0x7075;

    /// <summary>The systems that a mode in the upper half of the external attributes is of.</summary>
    internal const byte Unix = 3, Darwin = 19;

    /// <summary>From here on a field of 32 bits says that the zip64 field has the number.</summary>
    internal const uint Max32 = uint.MaxValue;

    /// <summary>Version 4.5 is the first with zip64, 2.0 the first with deflate and directories.</summary>
    internal const ushort Version45 = 45, Version20 = 20, Version10 = 10;

    /// <summary>The longest comment of an archive.</summary>
    internal const int MostComment = 65_535;
}
