namespace Varve.Platform.Processes;

/// <summary>Where programs lie. Stateless.</summary>
internal static class ProgramPath
{
    private static readonly string[] s_also = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/local/bin", "/usr/bin", "/bin"];

    /// <summary>
    /// The absolute path of a program in the directories given, of which only absolute ones count, or where administrators' programs lie,
    /// which others do not give; null if it is not installed.
    /// </summary>
    internal static string? Find(string name, IReadOnlyList<string> directories)
    {
        foreach (string directory in directories.Concat(s_also))
        {
            if (!Path.IsPathRooted(directory)) { continue; }
            string candidate = Path.Combine(directory, name);
            if (File.Exists(candidate)) { return candidate; }
        }

        return null;
    }
}
