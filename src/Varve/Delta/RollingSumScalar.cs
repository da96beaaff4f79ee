namespace Varve.Delta;

/// <summary>
/// The rule of <see cref="RollingSum"/>: a = the sum of the bytes, b = the sum of all the values that a had on the way, both modulo 2^16; a is the low half, b the high.
/// </summary>
public static class RollingSumScalar
{
    /// <inheritdoc cref="RollingSum.Of"/>
    public static uint Of(ReadOnlySpan<byte> data)
    {
        ushort a = 0, b = 0;
        foreach (byte x in data)
        {
            a = unchecked((ushort)(a + x));
            b = unchecked((ushort)(b + a));
        }

        return a | ((uint)b << 16);
    }
}
