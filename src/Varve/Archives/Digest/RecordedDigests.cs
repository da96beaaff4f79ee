using System.Text;
using Varve.Model;

namespace Varve.Archives.Digest;

/// <summary>
/// Digests that were recorded in a file, a line each: the digest, two spaces, the path as <see cref="PathText"/> has it. Stateless.
/// </summary>
internal static class RecordedDigests
{
    /// <summary>Reads such a file; empty lines count for nothing.</summary>
    /// <exception cref="VarveException">Usage, with file and line: it is no such line. NotFound, Storage: it cannot be read.</exception>
    internal static IReadOnlyList<RecordedDigest> Read(string file)
    {
        string[] lines;
        try { lines = File.ReadAllLines(file, new UTF8Encoding(false, throwOnInvalidBytes: true)); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VarveException(e is FileNotFoundException ? ErrorKind.NotFound : ErrorKind.Storage, Subject.Path(file),
                $"cannot be read: {Platform.Errno.Message(e)}", Advice.CheckPath, e);
        }
        catch (DecoderFallbackException e)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Configuration(file), "it is not UTF-8", Advice.None, e);
        }

        var recorded = new List<RecordedDigest>(lines.Length);
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length == 0) { continue; }
            recorded.Add(TryParse(lines[i])
                ?? throw new VarveException(ErrorKind.Usage, Subject.Configuration(file, i + 1), "it is no digest and path"));
        }

        return recorded;
    }

    /// <summary>One line; null for what is none.</summary>
    internal static RecordedDigest? TryParse(string line)
    {
        int space = line.IndexOf("  ", StringComparison.Ordinal);
        bool isLine = space > 0 && space + 2 < line.Length;
        byte[]? path = isLine ? PathText.TryParse(line.AsSpan(space + 2)) : null;
        return path is null || !DigestFormat.TryParse(line[..space], out DigestMode mode) ? null
            : new RecordedDigest(path, line[..space], mode);
    }

    /// <summary>
    /// Computes them again; each with what it is now, in the order of the lines, or null if something of it could not be read, of which
    /// <paramref name="failed"/> hears. What lies below another path of the file is walked with that.
    /// </summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal static IEnumerable<(RecordedDigest Line, string? Digest)> Compare(
        IReadOnlyList<RecordedDigest> recorded, DigestOptions options, Action<Failure> failed, CancellationToken cancelled)
    {
        Dictionary<(DigestMode, string), RecordedDigest> tops = [];
        foreach (RecordedDigest line in recorded) { tops.TryAdd((line.Mode, Key(line.Path)), line); }
        Dictionary<(DigestMode, string), string?> known = [];
        foreach (RecordedDigest line in recorded)
        {
            if (!known.TryGetValue((line.Mode, Key(line.Path)), out string? digest))
            {
                RecordedDigest top = Top(line, tops);
                Compute(top, options, failed, known, cancelled);
                if (!known.TryGetValue((line.Mode, Key(line.Path)), out digest))
                {
                    Compute(line, options, failed, known, cancelled); // it is a file, or gone
                    digest = known[(line.Mode, Key(line.Path))];
                }
            }

            yield return (line, digest);
        }
    }

    private static void Compute(RecordedDigest line, DigestOptions options, Action<Failure> failed,
        Dictionary<(DigestMode, string), string?> known, CancellationToken cancelled)
    {
        (DigestMode, string) key = (line.Mode, Key(line.Path));
        if (known.ContainsKey(key)) { return; }
        known[key] = null;
        try
        {
            TreeDigest now = Digester.Run(line.Path, options with { Mode = line.Mode, Lists = true }, cancelled);
            known[key] = now.Digest;
            foreach ((byte[] path, string? digest) in now.Directories) { known[(line.Mode, Key(path))] = digest; }
            foreach (Failure failure in now.Failures) { failed(failure); }
        }
        catch (VarveException e) when (e.Kind is ErrorKind.NotFound or ErrorKind.Storage or ErrorKind.Usage)
        {
            failed(new Failure(line.Path, FailedOperation.Open, 0, e.Reason(Subject.Path(line.Path))));
        }
    }

    /// <summary>The uppermost recorded path that a line lies at or below.</summary>
    private static RecordedDigest Top(RecordedDigest line, Dictionary<(DigestMode, string), RecordedDigest> tops)
    {
        for (int slash = line.Path.AsSpan(1).IndexOf((byte)'/') + 1; slash > 0;)
        {
            if (tops.TryGetValue((line.Mode, Key(line.Path.AsSpan(0, slash))), out RecordedDigest? top)) { return top; }
            int next = line.Path.AsSpan(slash + 1).IndexOf((byte)'/');
            if (next < 0) { break; }
            slash += next + 1;
        }

        return line;
    }

    private static string Key(ReadOnlySpan<byte> path) => Convert.ToHexString(path);
}
