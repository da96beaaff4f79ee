using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Freeze;
using Varve.Model;

namespace Varve.History.Differences;

/// <summary>
/// Finds what differs between two snapshots of one history in the catalog: only directories that a snapshot between them touched are looked
/// at, so it costs what changed. Both snapshots must be whole: what failed in one is known to its trees alone.
/// </summary>
internal static class CatalogDifferences
{
    /// <summary>Adds what differs, from <paramref name="before"/> to <paramref name="after"/>.</summary>
    internal static void Find(CatalogReader catalog, SourceRow source, SnapshotRow before, SnapshotRow after, DifferenceList found,
        CancellationToken cancellationToken)
    {
        var directories = new HashSet<long>();
        (long first, long last) = (Math.Min(before.Number, after.Number), Math.Max(before.Number, after.Number));
        foreach (SnapshotRow between in catalog.Snapshots(source.Id))
        {
            if (between.Number > first && between.Number <= last) { directories.UnionWith(catalog.Touched(between.Number)); }
        }

        var rows = new EntryTable();
        foreach (long directory in directories)
        {
            cancellationToken.ThrowIfCancellationRequested();
            catalog.ReadDirectoryHistory(directory, rows);
            byte[]? prefix = null;
            for (int i = 0; i < rows.Count;)
            {
                (int a, int b, int next) = (-1, -1, i);
                for (; next < rows.Count && rows.Name(next).SequenceEqual(rows.Name(i)); next++)
                {
                    if (Has(rows, next, before.Number)) { a = next; }
                    if (Has(rows, next, after.Number)) { b = next; }
                }

                if (a != b)
                {
                    byte[] path = directory == source.RootDirectory ? []
                        : Paths.Join(prefix ??= catalog.PathOf(directory), rows.Name(i));
                    found.Add(a < 0 ? null : State(rows, a, path), b < 0 ? null : State(rows, b, path));
                }

                i = next;
            }
        }
    }

    private static bool Has(EntryTable rows, int k, long number) => rows.First(k) <= number && number < rows.Last(k);

    private static EntryState State(EntryTable rows, int k, byte[] path) =>
        new(path, rows.Stat(k), rows.Flags(k), rows.Details(k).ToArray());
}
