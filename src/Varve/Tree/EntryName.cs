namespace Varve.Tree;

/// <summary>Which bytes are a name (docs/format.md, 8.1).</summary>
internal static class EntryName
{
    /// <summary>Longer names are not written: Linux allows 255 bytes, and nodes must hold several.</summary>
    public const int MaxLength = 4096;

    /// <summary>Not empty, without <c>/</c> and NUL, neither <c>.</c> nor <c>..</c>. A root tree may hold the name <c>/</c>.</summary>
    public static bool IsValid(ReadOnlySpan<byte> name, bool rootTree = false)
    {
        if (name.IsEmpty) { return false; }
        if (name[0] == '.' && (name.Length == 1 || (name.Length == 2 && name[1] == '.'))) { return false; }
        return !name.ContainsAny((byte)'/', (byte)0) || (rootTree && name.SequenceEqual("/"u8));
    }
}
