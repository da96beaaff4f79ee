namespace Varve.Archives.Extract;

/// <summary>Paths of an archive, which may be hostile, as names one below the other. Stateless.</summary>
internal static class ExtractPath
{
    private const int MostParts = 6_000;

    /// <summary>The names; null with the reason for a path that is refused. None for the target itself.</summary>
    internal static byte[][]? Split(ReadOnlySpan<byte> path, out string problem)
    {
        problem = "";
        if (path.IsEmpty) { problem = "it has no name"; }
        else if (path[0] == (byte)'/') { problem = "its path is absolute"; }
        else if (path.Contains((byte)0)) { problem = "its path has a zero byte"; }
        if (problem.Length > 0) { return null; }
        var parts = new List<byte[]>();
        while (!path.IsEmpty)
        {
            int slash = path.IndexOf((byte)'/');
            ReadOnlySpan<byte> name = slash < 0 ? path : path[..slash];
            path = slash < 0 ? [] : path[(slash + 1)..];
            if (name.IsEmpty || name is [(byte)'.']) { continue; }
            if (name is [(byte)'.', (byte)'.']) { problem = "its path leads out of the target (..)"; }
            if (parts.Count == MostParts) { problem = "its path has too many levels"; }
            if (problem.Length > 0) { return null; }
            parts.Add(name.ToArray());
        }

        return [.. parts];
    }

    /// <summary>What stands for a path in tables: equal for paths that mean the same.</summary>
    internal static string Key(ReadOnlySpan<byte[]> parts)
    {
        var text = new System.Text.StringBuilder();
        foreach (byte[] part in parts) { text.Append(System.Text.Encoding.Latin1.GetString(part)).Append('/'); }
        return text.ToString();
    }
}
