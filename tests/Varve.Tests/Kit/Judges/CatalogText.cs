using System.Text;
using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Model;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;

namespace Varve.Tests.Kit.Judges;

/// <summary>A catalog as lines of text that do not depend on its numbers: two catalogs of the same history give the same lines.</summary>
internal static class CatalogText
{
    public static List<string> Of(TestVault vault)
    {
        using Repository repository = vault.Open();
        return Of(repository);
    }

    public static List<string> Of(Repository repository)
    {
        CatalogFile file = CatalogFile.Open(repository.CatalogPath, repository.Header.Id);
        using CatalogReader reader = file.OpenReader();
        reader.Verify();
        var lines = new List<string>();
        foreach (SourceRow source in reader.Sources())
        {
            lines.Add($"source {source.Uid} {source.Name} {source.Host} {Path(source.Root)} {Path(source.Canonical)}");
            var names = new Dictionary<long, string> { [long.MaxValue] = "now" };
            foreach (SnapshotRow s in reader.Snapshots(source.Id))
            {
                Assert.Equal(SnapshotState.Complete, s.State);
                names[s.Number] = $"#{names.Count}";
                lines.Add(
                    $"snapshot {names[s.Number]} {s.Object} {s.Start} {s.End} {s.RootTree} {s.Parent} {s.IsPartial} {s.HasFailures} "
                    + $"{s.Counts} {s.Program}");
            }

            Directory(reader, source.RootDirectory, "", names, lines);
            foreach (GapRow gap in reader.Gaps.OfSource(source.Id))
            {
                lines.Add($"gap {Path(reader.PathOf(gap.Directory))}/{Path(gap.Name)} {names[gap.First]} to {names[gap.Last]} {gap.Kind}");
            }

            lines.AddRange(Moves(repository.CatalogPath, source, names).Order(StringComparer.Ordinal));
        }

        return lines;
    }

    private static List<string> Moves(string catalog, SourceRow source, Dictionary<long, string> names)
    {
        var lines = new List<string>();
        CatalogSql.Query(catalog, "SELECT source, snapshot, path, moved_from FROM moves", static _ => { }, row =>
        {
            if ((string)row[0]! == source.Name) { lines.Add($"moved {row[2]} from {row[3]} {names[(long)row[1]!]}"); }
        });
        return lines;
    }

    private static void Directory(CatalogReader reader, long id, string path, Dictionary<long, string> names, List<string> lines,
        bool kept = false)
    {
        var rows = new EntryTable();
        reader.ReadDirectoryHistory(id, rows);
        var below = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        var live = new HashSet<string>();
        var own = new List<string>();
        for (int i = 0; i < rows.Count; i++)
        {
            EntryStat s = rows.Stat(i);
            string name = path + "/" + Path(rows.Name(i).ToArray());
            own.Add($"revision {name} {names[rows.First(i)]} to {names[rows.Last(i)]}: {s.Kind} {s.Size} {s.Mtime} {s.Ctime} {s.Inode} "
                + $"{s.Mode:x} {s.Uid}:{s.Gid} "
                + $"{s.RdevMajor}:{s.RdevMinor} {rows.Flags(i)} {Convert.ToHexString(rows.Details(i))}");
            if (s.Kind == EntryKind.Directory && rows.Last(i) == long.MaxValue) { live.Add(name); }
            if (s.Kind == EntryKind.Directory) { below[name] = rows.Name(i).ToArray(); }
        }

        lines.AddRange(own.Order(StringComparer.Ordinal));
        foreach ((string name, byte[] bytes) in below)
        {
            Assert.True(reader.TryGetDirectory(id, bytes, out DirectoryRow row), name + " has no row");
            // What a directory that is gone had last is nobody's business: it stands for nothing.
            Assert.Equal(live.Contains(name), !row.Tree.IsNone);
            // Where an entry has to be read again, there is nothing to vouch for.
            bool isKept = kept || HasKept(reader.Gaps.Of(id, bytes)) || HasKept(reader.Gaps.OpenIn(row.Id, 0) ?? []);
            if (!isKept) { Assert.Equal(live.Contains(name) && !HasDistrusted(reader, row.Id), !row.Digest.IsZero); }
            lines.Add(!live.Contains(name) ? $"gone {name}"
                : $"directory {name} {(isKept ? "?" : row.Digest)} {row.Tree} {row.NewestCtime} {row.NewestMtime} {row.Counts}");
            Directory(reader, row.Id, name, names, lines, kept || HasKept(reader.Gaps.Of(id, bytes)));
        }
    }

    /// <summary>Where nobody looked, or not everywhere, a digest may stand or not: it vouches for no more than what is there.</summary>
    private static bool HasKept(IReadOnlyList<GapRow> gaps) => gaps.Any(static g => g.Kind == GapKind.Kept);

    private static bool HasDistrusted(CatalogReader reader, long directory)
    {
        var rows = new EntryTable();
        reader.ReadDirectory(directory, 0, rows);
        return reader.Gaps.OpenIn(directory, 0) is not null
            || Enumerable.Range(0, rows.Count).Any(i => (rows.Flags(i) & EntryFlags.Distrusted) != 0);
    }

    private static string Path(byte[] bytes) => Encoding.Latin1.GetString(bytes);
}
