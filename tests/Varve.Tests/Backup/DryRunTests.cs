using System.Text;
using Varve.Backup;
using Varve.Backup.Results;
using Varve.Model.Changes;
using Varve.Model.Snapshots;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Tests.Platform;
using Varve.Vault;

namespace Varve.Tests.Backup;

/// <summary>A dry run says what the run after it does, and writes nothing.</summary>
public sealed class DryRunTests : VaultTest
{
    [Fact]
    public void Without_a_repository_everything_is_new()
    {
        Write("a", "d/b", "left.o");
        DryRunResult dry = DryRunner.Run(null, Options(), new BackupMonitor(), TimeProvider.System, CancellationToken.None);
        Assert.Equal((2L, 2L, 4L, false, 1L),
            (dry.Counts.Files, dry.ToRead.Files, dry.ToRead.Bytes, dry.IsCompared, dry.Counts.LeftOut!.Excluded));
    }

    [Fact]
    public void What_it_says_is_what_the_next_run_does()
    {
        Write("same", "changed", "gone", "touched", "d/same", "d/gone", "away/x", "away/y/z", "soon/excluded");
        BackUp();
        FileClock.Settle();
        File.AppendAllText(At("changed"), "more");
        File.Delete(At("gone"));
        File.Delete(At("d/gone"));
        Directory.Delete(At("away"), recursive: true);
        ZooPosix.Chmod(ZooPosix.Path(At("touched")), 0x180);
        Write("new", "fresh/a", "x.o");
        FileClock.Settle();
        (string[] before, byte[] catalog) = State();
        DryRunResult dry = Dry("soon/");
        (string[] after, byte[] catalogAfter) = State();
        Assert.Equal(before, after);
        Assert.Equal(catalog, catalogAfter);
        BackupResult run = BackUp("soon/");
        SnapshotCounts said = dry.Counts, did = run.Snapshot.Counts;
        // Whether it is more than metadata is known when it was read.
        Assert.Equal((did.Files, did.Directories, did.Bytes, did.New, did.Changed + did.MetadataOnly, did.Unchanged, did.Gone),
            (said.Files, said.Directories, said.Bytes, said.New, said.Changed + said.MetadataOnly, said.Unchanged, said.Gone));
        Assert.Equal(did.LeftOut, said.LeftOut);
        Assert.Equal(did.BytesRead, dry.ToRead.Bytes);
        Assert.True(dry.IsCompared);
        FileClock.Settle();
        DryRunResult still = Dry("soon/");
        SnapshotCounts none = still.Counts;
        Assert.Equal((0L, 0L, 0L, 0L, 0L), (none.New, none.Changed, none.MetadataOnly, none.Gone, still.ToRead.Files));
    }

    [Fact]
    public void Tags_ignore_files_and_sizes_count_as_they_would()
    {
        Write("cache/a", "cache/b/c", "a.tmp", "large");
        File.WriteAllText(At("cache/CACHEDIR.TAG"), "Signature: 8a477f597d28d172789f06886806bc55");
        File.WriteAllText(At(".varveignore"), "*.tmp\n");
        File.WriteAllBytes(At("large"), new byte[500]);
        Func<BackupOptions, BackupOptions> with =
            static o => o with { ExcludeCaches = true, IgnoreFiles = [".varveignore"], ExcludeLargerThan = 400 };
        DryRunResult dry = DryRunner.Run(null, with(Options()), new BackupMonitor(), TimeProvider.System, CancellationToken.None);
        Assert.Equal(new LeftOutCounts { Tagged = 1, Ignored = 1, ByProperties = 1 }, dry.Counts.LeftOut);
        BackupResult run = _vault.Backup(_source, o => with(o));
        Assert.Equal(run.Snapshot.Counts.LeftOut, dry.Counts.LeftOut);
        Assert.Equal((run.Snapshot.Counts.Files, run.Snapshot.Counts.Directories), (dry.Counts.Files, dry.Counts.Directories));
    }

    [Fact]
    public void Each_entry_is_told_to_who_wants_to_hear_it()
    {
        Write("same", "gone");
        BackUp();
        FileClock.Settle();
        File.Delete(At("gone"));
        Write("new");
        var told = new List<string>();
        Dry(monitor: new BackupMonitor { Entry = e => told.Add($"{e.Change} {Encoding.UTF8.GetString(e.Path)}") });
        Assert.Equal([$"{EntryChange.Gone} gone", $"{EntryChange.New} new"], told.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_directory_whose_names_never_rest_is_said_to_be_so()
    {
        Write("mail/a");
        BackUp();
        using var restless = new RestlessFile(At("mail"));
        DryRunResult dry = Dry();
        Assert.Equal("mail", Encoding.UTF8.GetString(Assert.Single(dry.Failures).Path));
    }

    private BackupOptions Options() => new() { RootPath = Encoding.UTF8.GetBytes(_source), Excludes = ["*.o"] };

    private BackupResult BackUp(params string[] rules)
    {
        // What is written in the tick in which a run begins is not believed by the next.
        FileClock.Settle();
        BackupResult result = _vault.Backup(_source, o => o with { Excludes = ["*.o", .. rules] });
        Assert.Equal(0, result.FailureCount);
        return result;
    }

    private DryRunResult Dry(string? rule = null, BackupMonitor? monitor = null)
    {
        using Repository repository = _vault.Open();
        string[] more = rule is null ? [] : [rule];
        return DryRunner.Run(repository, Options() with { Excludes = ["*.o", .. more] }, monitor ?? new BackupMonitor(), TimeProvider.System,
            CancellationToken.None);
    }

    private (string[] Repository, byte[] Catalog) State()
    {
        using Repository repository = _vault.Open();
        string place = _vault.Place;
        return ([.. Directory.GetFileSystemEntries(place, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(static p => p + " " + File.GetLastWriteTimeUtc(p).Ticks)], File.ReadAllBytes(repository.CatalogPath));
    }

    private void Write(params string[] paths)
    {
        foreach (string path in paths)
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(At(path))!);
            File.WriteAllText(At(path), path);
        }
    }
}
