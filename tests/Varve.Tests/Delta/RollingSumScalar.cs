using Varve.Delta;

namespace Varve.Tests.Delta;

/// <summary>The rule of <see cref="RollingSum"/>, one byte at a time.</summary>
internal static class RollingSumScalar
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
