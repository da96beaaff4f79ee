using System.Text;
using Varve.App.Output.Pages;
using Varve.Backup;
using Varve.Model;
using Varve.Restore;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Trees;
using Varve.Tree.Details;
using Varve.Vault;
using Varve.Vault.Open;
using Varve.Vault.Snapshots;

namespace Varve.Tests.Golden;

/// <summary>
/// A repository with a file that changed in place between its two snapshots: the second consists of slices of the first one's chunks, and a
/// few new ones. It was made by the explicit test below, once.
/// </summary>
public sealed class GoldenDeltaTests
{
    private const string Name = "v1-delta", File = "disk";
    private const int Page = 4096, Pages = 320;

    [Fact]
    [Trait("Needs", "root")]
    public void A_file_that_changed_in_place_is_restored_as_it_was_each_time()
    {
        using var d = new ZooDirectory();
        var warnings = new List<Notice>();
        using Repository repository = Open(d, warnings.Add);
        Assert.Empty(Engine.Check(repository).Damages);
        IReadOnlyList<SnapshotInfo> snapshots = repository.Snapshots();
        Assert.Equal(2, snapshots.Count);
        for (int i = 0; i < 2; i++)
        {
            RestoreResult result = Engine.Restore(repository, d["target-" + i], snapshots[i].Name, o => o with { NumericOwner = true });
            Assert.Empty(result.Failures);
            Assert.Equal(GoldenTests.Expected(i + 1, Name), Manifest.Of(d["target-" + i]));
            Assert.Equal(i == 0 ? First() : Second(), System.IO.File.ReadAllBytes(d[$"target-{i}/{File}"]));
        }

        Assert.Empty(warnings);
    }

    [Fact]
    public void A_reader_written_from_the_document_alone_reads_it_too()
    {
        Dictionary<int, List<string>> read = GoldenTests.ReadByPython(Name);
        Assert.Equal(2, read.Count);
        for (int i = 1; i <= 2; i++) { Assert.Equal(GoldenTests.Expected(i, Name), read[i]); }
    }

    [Fact]
    public void The_second_state_refers_to_slices_of_chunks_of_the_first()
    {
        using var d = new ZooDirectory();
        using Repository repository = Open(d);
        List<Extent> first = Extents(repository, 0), second = Extents(repository, 1);
        var old = first.ToDictionary(static e => e.Chunk, static e => e.Length);
        Assert.Contains(second, e => old.TryGetValue(e.Chunk, out long length) && e.Offset == 0 && e.Length < length);
        Assert.Contains(second, e => old.ContainsKey(e.Chunk) && e.Offset > 0);
        Assert.InRange(second.Where(e => !old.ContainsKey(e.Chunk)).Sum(static e => e.Length), Page, 16 * Page);
    }

    [Fact(Explicit = true)]
    public void Write_the_golden_repository()
    {
        using var d = new ZooDirectory();
        Programs.Run("rm", "-rf", GoldenTests.Place(Name));
        RepositoryOpener.Create(
            RepositoryOpener.CreateStore(new RepositoryLocation(GoldenTests.Place(Name))), GoldenTests.Credentials(Name), "golden",
            new RepositoryOptions { CacheRoot = d["cache"] });
        Directory.CreateDirectory(d["source"]);
        var manifests = new List<List<string>>();
        for (int step = 1; step <= 2; step++)
        {
            // By another process: when it is over, nobody has the file open.
            System.IO.File.WriteAllBytes(d["other"], step == 1 ? First() : Second());
            Programs.Run("cp", d["other"], d["source/" + File]);
            ZooPosix.SetTime(ZooPosix.Path(d["source"], File), 1_600_000_000 + step, step);
            ZooPosix.SetTime(ZooPosix.Path(d["source"]), 1_500_000_000, 0);
            manifests.Add(Manifest.Of(d["source"]));
            using Repository repository = Open(d);
            BackupResult result = Engine.Backup(repository, d["source"], o => o with { Source = "golden", DeltaFrom = 1 << 20 });
            Assert.Equal(0, result.FailureCount);
        }

        IEnumerable<string> lines = manifests[1].Concat(manifests[0]).Distinct();
        System.IO.File.WriteAllLines(GoldenTests.Place(Name + "-manifest.txt"),
            lines.Select(l => (manifests[0].Contains(l) ? "1" : "") + (manifests[1].Contains(l) ? "2" : "") + " " + l));
        Programs.Run("chmod", "-R", "u+w", GoldenTests.Place(Name));
    }

    private static byte[] First() => [.. Enumerable.Range(0, Pages).SelectMany(static i => PageOf(i, 'a'))];

    /// <summary>Three pages in the middle of chunks are other ones, and two more at the end are new.</summary>
    private static byte[] Second()
    {
        byte[] content = First();
        foreach (int page in (int[])[40, 171, 172]) { PageOf(page, 'A').CopyTo(content, page * Page); }
        return [.. content, .. PageOf(Pages, 'a'), .. PageOf(Pages + 1, 'a')];
    }

    /// <summary>Different from every other page, and easy to compress.</summary>
    private static byte[] PageOf(int number, char from) => Encoding.ASCII.GetBytes(string.Concat(
        Enumerable.Range(0, Page / 8).Select(i => $"{number:0000}{(char)(from + i % 7)}{(char)(from + number % 26)}.\n")));

    private static List<Extent> Extents(Repository repository, int snapshot)
    {
        var extents = new List<Extent>();
        GoldenTrees.ForEach(repository.Snapshots()[snapshot].Snapshot.RootTree, repository.MetaChunks.Read, (_, table, _, _) =>
        {
            for (int i = 0; i < table.Count; i++)
            {
                if (table.Stat(i).Kind != EntryKind.File) { continue; }
                extents.AddRange(FileExtents.Of(table.Details(i), table.Stat(i).Size, repository.MetaChunks.Read));
            }
        });
        return extents;
    }

    private static Repository Open(ZooDirectory d, Action<Notice>? warn = null) => Repository.Open(
        new RepositoryLocation(GoldenTests.Place(Name)), GoldenTests.Credentials(Name),
        new RepositoryOptions { CacheRoot = d["cache"], Warn = warn });
}
