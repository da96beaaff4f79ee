namespace Varve.Model.Paths;

/// <summary>A set of byte values, 64 in each part.</summary>
// No UInt128: whatever has one in it is not compiled ahead, and costs each start milliseconds.
internal readonly record struct ByteSet(ulong First, ulong Second, ulong Third, ulong Fourth)
{
    /// <summary>Every byte.</summary>
    public static ByteSet All => new(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue);

    /// <summary>Every byte a name may hold: all but the slash.</summary>
    public static ByteSet NotSlash => All.Except(Of((byte)'/'));

    /// <summary>The bytes that continue a UTF-8 sequence, 0x80 to 0xBF.</summary>
    public static ByteSet Continuation => new(0, 0, ulong.MaxValue, 0);

    /// <summary>One byte.</summary>
    public static ByteSet Of(byte b)
    {
        ulong bit = 1UL << (b & 63);
        return new ByteSet(b >> 6 == 0 ? bit : 0, b >> 6 == 1 ? bit : 0, b >> 6 == 2 ? bit : 0, b >> 6 == 3 ? bit : 0);
    }

    /// <summary>Whether the set holds <paramref name="b"/>.</summary>
    public bool Has(byte b) => (Lane(b >> 6) >> (b & 63) & 1) != 0;

    /// <summary>Whether it holds any byte that is no ASCII character.</summary>
    public bool HasOther => (Third | Fourth) != 0;

    /// <summary>The bytes from 64 × <paramref name="i"/> on, as bits.</summary>
    public ulong Lane(int i) => i switch { 0 => First, 1 => Second, 2 => Third, _ => Fourth };

    /// <summary>The bytes of either.</summary>
    public ByteSet With(ByteSet other) => new(First | other.First, Second | other.Second, Third | other.Third, Fourth | other.Fourth);

    /// <summary>The bytes of this that are not in the other.</summary>
    public ByteSet Except(ByteSet other) => new(First & ~other.First, Second & ~other.Second, Third & ~other.Third, Fourth & ~other.Fourth);

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
