using System.Globalization;
using System.Text;
using Varve.Model;
using Varve.Platform;

namespace Varve.Tests.Kit.Trees;

/// <summary>
/// The directories of a tree, by their paths in it, and all that the system says of each and of the entries in it, but for what is in
/// child directories: those that differ are those in which something happened.
/// </summary>
internal static class TreeStates
{
    internal static Dictionary<string, string> Of(string root)
    {
        var states = new Dictionary<string, string>();
        Look(root, "", states);
        return states;
    }

    private static void Look(string directory, string path, Dictionary<string, string> states)
    {
        var text = new StringBuilder(StateOf(directory));
        foreach (string entry in Directory.EnumerateFileSystemEntries(directory, "*", new EnumerationOptions { AttributesToSkip = 0 })
            .Order(StringComparer.Ordinal))
        {
            bool isDirectory = Directory.Exists(entry) && new FileInfo(entry).LinkTarget is null;
            text.Append(CultureInfo.InvariantCulture, $"\n{Path.GetFileName(entry)} {(isDirectory ? NumberOf(entry) : StateOf(entry))}");
            if (isDirectory) { Look(entry, path.Length == 0 ? Path.GetFileName(entry) : $"{path}/{Path.GetFileName(entry)}", states); }
        }

        states[path] = text.ToString();
    }

    // What changed in it shows in its own state.
    private static string NumberOf(string directory) => StateOf(directory).Split(' ')[1];

    private static string StateOf(string path)
    {
        Assert.Equal(0, Posix.StatAt(Posix.AT_FDCWD, Encoding.UTF8.GetBytes(path), out EntryStat s));
        return $"{s.Kind} {s.Inode} {s.Mode} {s.Uid} {s.Gid} {s.Size} {s.Mtime} {s.Ctime} {s.Links}";
    }
}
