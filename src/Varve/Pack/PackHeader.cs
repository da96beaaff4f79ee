using Varve.Model;

namespace Varve.Pack;

/// <summary>The clear part of a pack's header (docs/format.md, 6). Its HPKE part is opaque here.</summary>
public static class PackHeader
{
    /// <summary>Writes bytes 0 to 31: magic, format, kind, zeros and 16 random bytes.</summary>
    public static void Write(Span<byte> destination, PackKind kind, ReadOnlySpan<byte> random)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(random.Length, PackLayout.EncOffset - PackLayout.RandomOffset);
        PackLayout.Magic.CopyTo(destination);
        destination[PackLayout.FormatOffset] = PackLayout.Format;
        destination[PackLayout.KindOffset] = (byte)kind;
        destination[PackLayout.ZeroOffset..PackLayout.RandomOffset].Clear();
        random.CopyTo(destination[PackLayout.RandomOffset..]);
    }

    /// <summary>
    /// Checks the clear part of the header at the start of <paramref name="header"/> and returns the pack's kind. Throws
    /// <see cref="ErrorKind.Damaged"/>, without a name, also when there are fewer than 145 bytes.
    /// </summary>
    public static PackKind Parse(ReadOnlySpan<byte> header)
    {
        if (header.Length < PackLayout.HeaderLength) { throw VarveException.Damaged(Subject.None, "it is shorter than a header"); }
        if (!header.StartsWith(PackLayout.Magic)) { throw VarveException.Damaged(Subject.None, "it does not begin as a pack does"); }
        if (header[PackLayout.FormatOffset] != PackLayout.Format || header[PackLayout.ZeroOffset..PackLayout.RandomOffset].ContainsAnyExcept((byte)0))
        {
            throw VarveException.Damaged(Subject.None, "its header is not of format 1");
        }

        byte kind = header[PackLayout.KindOffset];
        return kind is (byte)PackKind.Data or (byte)PackKind.Meta ? (PackKind)kind : throw VarveException.Damaged(Subject.None, $"it is of unknown kind {kind}");
    }
}
