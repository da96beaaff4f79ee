namespace Varve.ChunkSizes;

/// <summary>Successive versions of the same data: files or trees, oldest first.</summary>
/// <param name="Name">For people.</param>
/// <param name="Versions">Paths.</param>
internal sealed record Series(string Name, IReadOnlyList<string> Versions)
{
    /// <summary>Reads NAME=PATH,PATH...; a path that ends in /* stands for all that is in that folder, by name.</summary>
    /// <exception cref="FormatException">It is not of that form, or a path does not exist.</exception>
    public static Series Parse(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0) { throw new FormatException($"'{text}' is not NAME=PATH,PATH..."); }
        List<string> versions = text[(equals + 1)..].Split(',').SelectMany(Expand).ToList();
        string? missing = versions.Find(v => !File.Exists(v) && !Directory.Exists(v));
        return missing is null ? new Series(text[..equals], versions) : throw new FormatException($"There is nothing at '{missing}'.");
    }

    /// <summary>The files of a version: those of a directory together, directories by name; links and special files left out.</summary>
    public static IEnumerable<FileInfo> Files(string version)
    {
        if (File.Exists(version)) { return [new FileInfo(version)]; }
        return Below(new DirectoryInfo(version));
    }

    private static IEnumerable<FileInfo> Below(DirectoryInfo directory)
    {
        FileSystemInfo[] entries = directory.GetFileSystemInfos();
        Array.Sort(entries, static (x, y) => string.CompareOrdinal(x.Name, y.Name));
        foreach (FileSystemInfo entry in entries)
        {
            if (entry is FileInfo { LinkTarget: null, Length: > 0 } file) { yield return file; }
        }

        foreach (FileSystemInfo entry in entries)
        {
            if (entry is not DirectoryInfo { LinkTarget: null } child) { continue; }
            foreach (FileInfo file in Below(child)) { yield return file; }
        }
    }

    private static IEnumerable<string> Expand(string path) =>
        path.EndsWith("/*", StringComparison.Ordinal) && Directory.Exists(path[..^2])
            ? Directory.GetFileSystemEntries(path[..^2]).Order(StringComparer.Ordinal)
            : [path];
}
