namespace Varve.Archives.Lists;

/// <summary>Kinds of entries as lists have them: letters, and the bits of a mode. Stateless.</summary>
internal static class ListModes
{
    /// <summary>The bits of a mode that are permissions.</summary>
    internal const int Permissions = 0xFFF;

    // By number of the kind: the bits of stat's mode, and find's letter. "U" is what find prints for what it does not know.
    private static ReadOnlySpan<ushort> Types => [0, 0x8000, 0x4000, 0xA000, 0x1000, 0xC000, 0x2000, 0x6000];

    private static ReadOnlySpan<byte> Letters => "Ufdlpscb"u8;

    /// <summary>The kind that a mode is of; None for a mode of no kind.</summary>
    internal static EntryKind KindOf(int mode)
    {
        int found = Types[1..].IndexOf((ushort)(mode & ~Permissions));
        return found < 0 || mode > ushort.MaxValue ? EntryKind.None : (EntryKind)(found + 1);
    }

    /// <summary>The mode of an entry with its type.</summary>
    internal static int ModeOf(EntryKind kind, int permissions) => Types[(int)kind] | permissions;

    /// <summary>The letter for a kind.</summary>
    internal static byte Letter(EntryKind kind) => Letters[(int)kind];

    /// <summary>The kind of a letter. Doors, which some systems have, and what is not known are none.</summary>
    internal static bool TryKind(byte letter, out EntryKind kind)
    {
        int found = Letters.IndexOf(letter);
        kind = (EntryKind)Math.Max(found, 0);
        return found >= 0 || letter is (byte)'D' or (byte)'?';
    }
}
