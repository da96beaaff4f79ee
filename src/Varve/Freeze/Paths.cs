namespace Varve.Freeze;

/// <summary>Absolute paths as bytes: no empty part, no slash at the end but for <c>/</c> itself. Stateless.</summary>
internal static class Paths
{
    /// <summary>Whether <paramref name="path"/> is <paramref name="root"/> or lies below it.</summary>
    public static bool IsAtOrBelow(ReadOnlySpan<byte> path, ReadOnlySpan<byte> root) =>
        root is [(byte)'/'] || (path.StartsWith(root) && (path.Length == root.Length || path[root.Length] == (byte)'/'));

    /// <summary>What follows <paramref name="root"/> in a path at or below it: empty, or relative.</summary>
    public static ReadOnlySpan<byte> Below(ReadOnlySpan<byte> path, ReadOnlySpan<byte> root)
    {
        if (path.Length == root.Length) { return default; }
        return root is [(byte)'/'] ? path[1..] : path[(root.Length + 1)..];
    }

    /// <summary>A path with a relative one behind it; either may be empty.</summary>
    public static byte[] Join(ReadOnlySpan<byte> root, ReadOnlySpan<byte> below)
    {
        if (below.IsEmpty) { return root.ToArray(); }
        if (root.IsEmpty || root is [(byte)'/']) { return [.. root, .. below]; }
        return [.. root, (byte)'/', .. below];
    }
}
