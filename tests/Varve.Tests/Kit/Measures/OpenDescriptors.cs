namespace Varve.Tests.Kit.Measures;

/// <summary>What the test program holds open.</summary>
internal static class OpenDescriptors
{
    /// <summary>
    /// Descriptors of files at or below a path. One whose path is too long to be read back counts: only what lies below a scratch directory
    /// is so deep.
    /// </summary>
    internal static int Below(string path) => Directory.GetFileSystemEntries("/proc/self/fd").Count(f => IsBelow(f, path));

    private static bool IsBelow(string link, string path)
    {
        try { return new FileInfo(link).LinkTarget?.StartsWith(path, StringComparison.Ordinal) == true; }
        catch (FileNotFoundException) { return false; }
        catch (IOException) { return true; }
    }
}
