namespace Varve.Tests.Golden;

/// <summary>Encodes <c>fields</c> (docs/format.md, 1) without the library.</summary>
internal static class VectorFields
{
    internal static byte[] Of(params ReadOnlySpan<(int Tag, byte[] Value)> fields)
    {
        var bytes = new List<byte>();
        foreach ((int tag, byte[] value) in fields)
        {
            VarInt(bytes, tag);
            VarInt(bytes, value.Length);
            bytes.AddRange(value);
        }

        return [.. bytes];
    }

    private static void VarInt(List<byte> bytes, int value)
    {
        for (; value >= 0x80; value >>= 7) { bytes.Add((byte)(value | 0x80)); }
        bytes.Add((byte)value);
    }
}
