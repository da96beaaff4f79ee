using Varve.Model.Packs;

namespace Varve.Format;

/// <summary>The clear part of a pack's header (docs/format.md, 6). The sealed key behind it is opaque here. Stateless.</summary>
internal static class PackHeader
{
    /// <summary>Writes what is before the sealed key: magic, format, kind, zeros and the random bytes.</summary>
    internal static void Write(Span<byte> destination, PackKind kind, ReadOnlySpan<byte> random)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(random.Length, PackLayout.RandomLength);
        PackLayout.Magic.CopyTo(destination);
        destination[PackLayout.FormatOffset] = PackLayout.Version;
        destination[PackLayout.KindOffset] = (byte)kind;
        destination[PackLayout.ZeroOffset..PackLayout.RandomOffset].Clear();
        random.CopyTo(destination[PackLayout.RandomOffset..]);
    }

    /// <summary>The kind of a pack that begins like this; null if none does, and why.</summary>
    internal static PackKind? Read(ReadOnlySpan<byte> header, out string problem)
    {
        byte kind = header.Length > PackLayout.KindOffset ? header[PackLayout.KindOffset] : (byte)0;
        problem = header.Length < PackLayout.HeaderLength ? "it is shorter than a header"
            : !header.StartsWith(PackLayout.Magic) ? "it does not begin as a pack does"
            : header[PackLayout.FormatOffset] != PackLayout.Version ? "its header is not of format 1"
            : header[PackLayout.ZeroOffset..PackLayout.RandomOffset].ContainsAnyExcept((byte)0) ? "its header is not of format 1"
            : kind is not ((byte)PackKind.Data or (byte)PackKind.Meta) ? $"it is of unknown kind {kind}"
            : "";
        return problem.Length == 0 ? (PackKind)kind : null;
    }

    /// <summary>The same with an exception, which is about <paramref name="pack"/>.</summary>
    /// <exception cref="VarveException">Damaged.</exception>
    internal static PackKind Parse(ReadOnlySpan<byte> header, Subject? pack = null) =>
        Read(header, out string problem) ?? throw VarveException.Damaged(pack ?? Subject.None, problem);
}
