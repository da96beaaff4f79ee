namespace Varve.Keys;

/// <summary>
/// Base64 as docs/format.md, 1 has it: one text for each run of bytes. .NET's readers skip white space, and bits that belong to no byte.
/// </summary>
internal static class PlainBase64
{
    /// <summary>The bytes, or false: it is no base64, or not the one text that stands for them.</summary>
    internal static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = new byte[text.Length / 4 * 3];
        if (!Convert.TryFromBase64String(text, bytes, out int length)) { return false; }
        Array.Resize(ref bytes, length);
        return Convert.ToBase64String(bytes) == text;
    }
}
