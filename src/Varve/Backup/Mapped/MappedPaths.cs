using Varve.Freeze;
using Varve.Model.Bytes;
using Varve.Model.Rules;

namespace Varve.Backup.Mapped;

/// <summary>Where entries lie in a source by the rules of a mapping. Thread-safe.</summary>
/// <param name="mapping">The rules, for absolute paths as they are read.</param>
/// <param name="canonical">The path that the source is recorded under.</param>
internal sealed class MappedPaths(PathMapping mapping, byte[] canonical)
{
    /// <summary>
    /// The path of an entry, relative to the source's root; null if what a rule gives is none below it. One that no rule is for lies where
    /// it would without the mapping.
    /// </summary>
    /// <param name="live">Its absolute path.</param>
    /// <param name="unmapped">Its path in the source without the mapping.</param>
    internal byte[]? Of(ReadOnlySpan<byte> live, byte[] unmapped)
    {
        var mapped = new ByteWriter();
        if (!mapping.TryApply(live, mapped)) { return unmapped; }
        ReadOnlySpan<byte> path = mapped.Written;
        if (path is not [(byte)'/', .., not (byte)'/'] || path.Contains((byte)0)) { return null; }
        foreach (Range part in path[1..].Split((byte)'/'))
        {
            if (path[1..][part] is [] or [(byte)'.'] or [(byte)'.', (byte)'.']) { return null; }
        }

        if (!Paths.IsAtOrBelow(path, canonical)) { return null; }
        ReadOnlySpan<byte> below = Paths.Below(path, canonical);
        return below.IsEmpty ? null : below.ToArray();
    }

    /// <summary>The directory that a path lies in.</summary>
    internal static ReadOnlySpan<byte> Above(ReadOnlySpan<byte> path) => path[..Math.Max(0, path.LastIndexOf((byte)'/'))];

    /// <summary>The last part of a path.</summary>
    internal static ReadOnlySpan<byte> NameIn(ReadOnlySpan<byte> path) => path[(path.LastIndexOf((byte)'/') + 1)..];
}
