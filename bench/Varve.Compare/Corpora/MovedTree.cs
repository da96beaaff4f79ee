namespace Varve.Compare.Corpora;

/// <summary>
/// Everything in a corpus moved one directory down, as when a tree is renamed: every path is another one, no content changed.
/// <see cref="Undo"/> moves it back.
/// </summary>
internal sealed class MovedTree
{
    private readonly string _root, _below;

    /// <summary>Moves it.</summary>
    public MovedTree(string root)
    {
        (_root, _below) = (root, Path.Combine(root, "moved"));
        Move(_root, _below);
    }

    /// <summary>Puts everything back where it was.</summary>
    public void Undo()
    {
        Move(_below, _root);
        Directory.Delete(_below);
    }

    private void Move(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (FileSystemInfo entry in new DirectoryInfo(from).GetFileSystemInfos())
        {
            if (entry.FullName == _below) { continue; }
            string target = Path.Combine(to, entry.Name);
            if (entry is DirectoryInfo { LinkTarget: null }) { Directory.Move(entry.FullName, target); }
            else { File.Move(entry.FullName, target); }
        }
    }
}
