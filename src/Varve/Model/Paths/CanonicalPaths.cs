namespace Varve.Model.Paths;

/// <summary>Paths that trees are recorded under. They need not exist. Stateless.</summary>
internal static class CanonicalPaths
{
    /// <summary>An absolute path without empty parts, <c>.</c> and a slash at the end.</summary>
    /// <exception cref="VarveException">Usage: it is not absolute, or <c>..</c> is in it. <paramref name="what"/> names the
    /// option.</exception>
    public static byte[] Normalize(ReadOnlySpan<byte> path, string what)
    {
        if (path.IsEmpty || path[0] != (byte)'/')
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request(what), $"must be an absolute path, not '{PathText.Of(path)}'");
        }
        var result = new List<byte>(path.Length);
        foreach (byte[] part in Parts(path))
        {
            if (part is [(byte)'.']) { continue; }
            if (part is [(byte)'.', (byte)'.'])
            {
                throw new VarveException(ErrorKind.Usage, Subject.Request(what), $"must not have '..' in it: {PathText.Of(path)}");
            }
            if (part.Contains((byte)0)) { throw new VarveException(ErrorKind.Usage, Subject.Request(what), "must not have a NUL in it"); }
            result.Add((byte)'/');
            result.AddRange(part);
        }

        return result.Count == 0 ? "/"u8.ToArray() : [.. result];
    }

    /// <summary>The parts between the slashes.</summary>
    internal static byte[][] Parts(ReadOnlySpan<byte> path)
    {
        var parts = new List<byte[]>();
        foreach (Range range in path.Split((byte)'/'))
        {
            if (!path[range].IsEmpty) { parts.Add(path[range].ToArray()); }
        }

        return [.. parts];
    }
}
