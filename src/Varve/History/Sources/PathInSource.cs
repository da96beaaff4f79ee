using Varve.Model;

namespace Varve.History.Sources;

/// <summary>Paths as people type them, in a snapshot.</summary>
internal static class PathInSource
{
    /// <summary>
    /// Relative to the source's root: an absolute path must lie at or below the root that the snapshot stands for. Empty for the root
    /// itself. Doubled slashes, <c>.</c> and a slash at the end mean nothing; <c>..</c> is refused.
    /// </summary>
    /// <exception cref="VarveException">NotFound: it does not lie there. Usage: <c>..</c>.</exception>
    internal static byte[] Relative(ReadOnlySpan<byte> path, ReadOnlySpan<byte> canonicalRoot)
    {
        byte[] wanted = Normalize(path);
        if (path.IsEmpty || path[0] != (byte)'/') { return wanted; }
        byte[] root = Normalize(canonicalRoot);
        if (root.Length == 0) { return wanted; }
        if (wanted.AsSpan().StartsWith(root) && (wanted.Length == root.Length || wanted[root.Length] == '/'))
        {
            return wanted.Length == root.Length ? [] : wanted[(root.Length + 1)..];
        }

        throw new VarveException(ErrorKind.NotFound, Subject.Request(PathText.Of(path)),
            $"does not lie in the snapshot, which is of {PathText.Of(canonicalRoot)}");
    }

    /// <summary>An absolute path in the form that roots have.</summary>
    internal static byte[] Absolute(ReadOnlySpan<byte> path) => [(byte)'/', .. Normalize(path)];

    private static byte[] Normalize(ReadOnlySpan<byte> path)
    {
        var result = new List<byte>(path.Length);
        foreach (Range range in path.Split((byte)'/'))
        {
            ReadOnlySpan<byte> part = path[range];
            if (part.IsEmpty || part.SequenceEqual("."u8)) { continue; }
            if (part.SequenceEqual(".."u8))
            {
                throw new VarveException(ErrorKind.Usage, Subject.Request(PathText.Of(path)),
                    "has '..' in it, which a snapshot's path must not");
            }

            if (result.Count > 0) { result.Add((byte)'/'); }
            result.AddRange(part);
        }

        return [.. result];
    }
}
