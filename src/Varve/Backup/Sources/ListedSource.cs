using Varve.Backup.Listed;
using Varve.Model.Paths;

namespace Varve.Backup.Sources;

/// <summary>Paths that somebody lists, where they lie in a source.</summary>
internal static class ListedSource
{
    /// <summary>
    /// What is listed, as the source has it; null without a list. A path may be that of a root where it is read, by the name it was asked
    /// for, or the one it is recorded under.
    /// </summary>
    /// <exception cref="VarveException">Usage: some of it lies elsewhere.</exception>
    internal static ListedPaths? Of(PathSelection? only, SourceTree tree)
    {
        if (only is null) { return null; }
        var starts = new List<(byte[] Path, byte[] Below)> { (tree.CanonicalPath, []) };
        foreach (SourceLayer layer in tree.Layers)
        {
            starts.Add((layer.LivePath, layer.Prefix));
            starts.Add((tree.AskedPath(layer), layer.Prefix));
        }

        starts.AddRange(tree.Absent.Select(static a => (a.Path, a.Prefix)));
        return ListedPaths.In(only, starts);
    }
}
