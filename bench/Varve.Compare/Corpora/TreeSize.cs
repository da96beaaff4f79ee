using System.IO.Enumeration;

namespace Varve.Compare.Corpora;

/// <summary>What a tree holds. Symbolic links count as neither files nor directories and are not followed.</summary>
/// <param name="Files">Everything else that is no directory.</param>
/// <param name="Directories">Below the root, without it.</param>
/// <param name="Bytes">Sum of the files' sizes.</param>
internal readonly record struct TreeSize(long Files, long Directories, long Bytes)
{
    /// <summary>Counts a tree; one that does not exist is empty.</summary>
    public static TreeSize Of(string root)
    {
        long files = 0, directories = 0, bytes = 0;
        if (!Directory.Exists(root)) { return default; }
        foreach ((bool isDirectory, long length, _) in Entries(root))
        {
            if (isDirectory) { directories++; } else { files++; bytes += length; }
        }

        return new TreeSize(files, directories, bytes);
    }

    /// <summary>The paths of the files that are not empty, ordered by path.</summary>
    public static List<string> FilesWithContent(string root)
    {
        List<string> paths = Entries(root).Where(e => !e.IsDirectory && e.Length > 0).Select(e => e.Path).ToList();
        paths.Sort(StringComparer.Ordinal);
        return paths;
    }

    private static FileSystemEnumerable<(bool IsDirectory, long Length, string Path)> Entries(string root)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false };
        return new FileSystemEnumerable<(bool, long, string)>(root, Describe, options)
        {
            ShouldIncludePredicate = (ref FileSystemEntry e) => !IsLink(ref e),
            ShouldRecursePredicate = (ref FileSystemEntry e) => !IsLink(ref e),
        };

        static bool IsLink(ref FileSystemEntry e) => (e.Attributes & FileAttributes.ReparsePoint) != 0;
        static (bool, long, string) Describe(ref FileSystemEntry e) => (e.IsDirectory, e.IsDirectory ? 0 : e.Length, e.ToFullPath());
    }
}
