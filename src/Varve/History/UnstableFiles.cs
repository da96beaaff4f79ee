using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.History.Entries;
using Varve.Model;
using Varve.Vault;

namespace Varve.History;

/// <summary>The list of unstable files, of which the next backup of their source makes copies before anything else.</summary>
internal static class UnstableFiles
{
    /// <summary>What the paths of those that are listed take at most, in bytes: one takes a megabyte where somebody made it so.</summary>
    private const long MostBytes = 64 << 20;

    /// <summary>
    /// Those of the sources that are meant; by source, then by path. A warning says so if not all could be listed.
    /// </summary>
    public static IReadOnlyList<UnstableFile> List(Repository repository, SourceFilter filter,
        CancellationToken cancellationToken)
    {
        CatalogFile catalog = CatalogAccess.OpenCurrent(repository, filter, cancellationToken, out IReadOnlySet<Bytes32>? meant);
        using CatalogReader reader = catalog.OpenReader(cancellationToken);
        var files = new List<UnstableFile>();
        long bytes = 0, more = 0;
        IEnumerable<SourceRow> rows = meant is null ? Rows(repository, reader, filter)
            : reader.Sources().Where(r => meant.Contains(r.Uid));
        foreach (SourceRow row in rows)
        {
            int from = files.Count;
            foreach (UnstableRow file in reader.Unstable(row.Id))
            {
                cancellationToken.ThrowIfCancellationRequested();
                byte[] path = file.Directory == row.RootDirectory ? [] : Path(reader.PathOf(file.Directory), file.Name);
                if ((bytes += path.Length) > MostBytes)
                {
                    more++;
                    continue;
                }

                files.Add(new UnstableFile(row.Name, path, file.Reason == UnstableReason.Torn, file.Since, file.Runs)
                {
                    IsLengthUnknown = file.Reason == UnstableReason.LengthUnknown,
                });
            }

            files.Sort(from, files.Count - from, Comparer<UnstableFile>.Create(static (a, b) => a.Path.AsSpan().SequenceCompareTo(b.Path)));
        }

        if (more > 0)
        {
            repository.Options.Warn?.Invoke(
                new Notice(Subject.Catalog(repository.CatalogPath), $"knows of {more} more, whose paths are too long to list them all"));
        }

        return files;
    }

    /// <summary>Whether a file of a source is on the list, by its path below the root.</summary>
    internal static bool Has(CatalogReader reader, SourceRow source, byte[] below) => reader.Unstable(source.Id).Any(file => below.AsSpan()
        .SequenceEqual(file.Directory == source.RootDirectory ? [] : Path(reader.PathOf(file.Directory), file.Name)));

    /// <summary>Without a source or host, those too that have no snapshot yet.</summary>
    private static IEnumerable<SourceRow> Rows(Repository repository, CatalogReader reader, SourceFilter filter) =>
        filter.IsAll ? reader.Sources()
        : SourceNotes.Rows(repository, reader, filter);

    private static byte[] Path(byte[] directory, byte[] name) => directory.Length == 0 ? name : [.. directory, (byte)'/', .. name];
}
