namespace Varve.Tests.Architecture;

/// <summary>The repository's own C# files.</summary>
internal static class SourceTree
{
    private static readonly Lazy<IReadOnlyList<SourceFile>> _files = new(() => Load("src", "bench", "tests"));

    /// <summary>All files below src, bench and tests, build output left out.</summary>
    public static IReadOnlyList<SourceFile> All => _files.Value;

    /// <summary>The files that are not tests.</summary>
    public static IEnumerable<SourceFile> Product => All.Where(f => !f.Path.StartsWith("tests/", StringComparison.Ordinal));

    /// <summary>The library's project file.</summary>
    public static string LibraryProject => File.ReadAllText(Path.Combine(Root(), "src", "Varve", "Varve.csproj"));

    /// <summary>The folder that holds all of it.</summary>
    internal static string Root()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Varve.slnx"))) { directory = directory.Parent; }
        return directory?.FullName ?? throw new InvalidOperationException("No Varve.slnx above " + AppContext.BaseDirectory);
    }

    private static List<SourceFile> Load(params string[] folders)
    {
        string root = Root();
        var files = new List<SourceFile>();
        foreach (string folder in folders.Select(f => Path.Combine(root, f)).Where(Directory.Exists))
        {
            foreach (string path in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                string relative = Path.GetRelativePath(root, path).Replace('\\', '/');
                if (relative.Contains("/bin/", StringComparison.Ordinal) || relative.Contains("/obj/", StringComparison.Ordinal))
                {
                    continue;
                }
                files.Add(SourceFile.From(relative, File.ReadAllText(path)));
            }
        }

        return files;
    }
}
