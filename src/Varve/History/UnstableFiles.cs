using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Model;
using Varve.Vault;

namespace Varve.History;

/// <summary>The list of unstable files, of which the next backup of their source makes copies before anything else.</summary>
internal static class UnstableFiles
{
    /// <summary>Those of the source of that name, or of all; by source, then by path.</summary>
    public static IReadOnlyList<UnstableFile> List(Repository repository, string? source, CancellationToken cancellationToken)
    {
        CatalogFile catalog = CatalogAccess.Of(repository).OpenCurrent(cancellationToken);
        using CatalogReader reader = catalog.OpenReader();
        var files = new List<UnstableFile>();
        foreach (SourceRow row in reader.Sources().Where(s => source is null || s.Name == source))
        {
            int from = files.Count;
            foreach (UnstableRow file in reader.Unstable(row.Id))
            {
                byte[] path = file.Directory == row.RootDirectory ? [] : Path(reader.PathOf(file.Directory), file.Name);
                files.Add(new UnstableFile(row.Name, path, file.Reason == UnstableReason.Torn, file.Since, file.Runs));
            }

            files.Sort(from, files.Count - from, Comparer<UnstableFile>.Create(static (a, b) => a.Path.AsSpan().SequenceCompareTo(b.Path)));
        }

        return files;
    }

    private static byte[] Path(byte[] directory, byte[] name) => directory.Length == 0 ? name : [.. directory, (byte)'/', .. name];
}
