namespace Varve.Model.Paths;

/// <summary>A set of byte values.</summary>
internal readonly record struct ByteSet(UInt128 Low, UInt128 High)
{
    /// <summary>Every byte.</summary>
    public static ByteSet All => new(UInt128.MaxValue, UInt128.MaxValue);

    /// <summary>Every byte a name may hold: all but the slash.</summary>
    public static ByteSet NotSlash => All.Except(Of((byte)'/'));

    /// <summary>The bytes that continue a UTF-8 sequence, 0x80 to 0xBF.</summary>
    public static ByteSet Continuation => new(0, UInt128.MaxValue >> 64);

    /// <summary>One byte.</summary>
    public static ByteSet Of(byte b) => b < 128 ? new ByteSet(UInt128.One << b, 0) : new ByteSet(0, UInt128.One << (b - 128));

    /// <summary>Whether the set holds <paramref name="b"/>.</summary>
    public bool Has(byte b) => ((b < 128 ? Low >> b : High >> (b - 128)) & 1) != 0;

    /// <summary>The bytes from 64 × <paramref name="i"/> on, as bits.</summary>
    public ulong Lane(int i) => (ulong)((i < 2 ? Low : High) >> (64 * (i & 1)));

    /// <summary>The bytes of either.</summary>
    public ByteSet With(ByteSet other) => new(Low | other.Low, High | other.High);

    /// <summary>The bytes of this that are not in the other.</summary>
    public ByteSet Except(ByteSet other) => new(Low & ~other.Low, High & ~other.High);

    /// <summary>With the other case of each ASCII letter.</summary>
    public ByteSet FoldCase()
    {
        ByteSet folded = this;
        for (byte upper = (byte)'A'; upper <= (byte)'Z'; upper++)
        {
            byte lower = (byte)(upper | 0x20);
            if (Has(upper) || Has(lower)) { folded = folded.With(Of(upper)).With(Of(lower)); }
        }

        return folded;
    }
}
