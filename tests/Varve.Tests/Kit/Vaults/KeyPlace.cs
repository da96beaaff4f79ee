namespace Varve.Tests.Kit.Vaults;

/// <summary>A place for key files in a directory that others may write to: one that only the owner may use.</summary>
internal static class KeyPlace
{
    /// <summary>The path for a key file; there is none yet.</summary>
    internal static string In(string directory)
    {
        string own = Path.Combine(directory, "own");
        Directory.CreateDirectory(own, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return Path.Combine(own, "key");
    }

    /// <summary>Writes a key file that only its owner may read; its path.</summary>
    internal static string Of(string directory, string text)
    {
        string path = In(directory);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }
}
