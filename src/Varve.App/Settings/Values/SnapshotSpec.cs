using Varve.Model;

namespace Varve.App.Settings.Values;

/// <summary>A snapshot and perhaps a path in it, as typed: <c>SNAPSHOT[:PATH]</c>.</summary>
/// <param name="Snapshot">"latest" or the first digits of a name.</param>
/// <param name="Path">As typed, bytes; null when there is none.</param>
internal sealed record SnapshotSpec(string Snapshot, byte[]? Path)
{
    internal const string Latest = "latest";

    /// <summary>Parses. Nothing, or nothing before the colon, means the latest snapshot.</summary>
    internal static SnapshotSpec Parse(string? argument)
    {
        if (string.IsNullOrEmpty(argument)) { return new SnapshotSpec(Latest, null); }

        int colon = argument.IndexOf(':', StringComparison.Ordinal);
        string snapshot = colon < 0 ? argument : argument[..colon];
        string? path = colon < 0 ? null : argument[(colon + 1)..];
        if (snapshot.Contains('/', StringComparison.Ordinal))
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request($"'{PathText.Of(RawArguments.ToBytes(snapshot))}'"), "is no snapshot",
                Advice.PathAfterColon);
        }

        return new SnapshotSpec(
            snapshot.Length == 0 ? Latest : RawArguments.Text(snapshot, "the snapshot"), string.IsNullOrEmpty(path) ? null
            : RawArguments.ToBytes(path));
    }

    /// <summary>
    /// A path in a snapshot, relative to the source's root: an absolute path must lie below the root the snapshot stands for. Empty for
    /// the root itself. Doubled slashes, <c>.</c> and a slash at the end mean nothing; <c>..</c> is refused.
    /// </summary>
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
