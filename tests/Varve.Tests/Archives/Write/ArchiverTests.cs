using System.IO.Compression;
using System.Text;
using Varve.Archives.Digest;
using Varve.Archives.Write;
using Varve.Platform;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Disks;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;
using Varve.Vault.Snapshots;

namespace Varve.Tests.Archives.Write;

/// <summary>When an archive is made, when it has its name, what is removed, and what is said.</summary>
public sealed class ArchiverTests : IDisposable
{
    private readonly ArchiveRig _rig = new();

    public ArchiverTests()
    {
        Directory.CreateDirectory(_rig.Tree + "/below");
        File.WriteAllText(_rig.Tree + "/a", "one");
        File.WriteAllText(_rig.Tree + "/below/b", "two");
        File.CreateSymbolicLink(_rig.Tree + "/link", "a");
    }

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData(".zip")]
    [InlineData(".tar")]
    [InlineData(".tar.gz")]
    [InlineData(".tar.zst")]
    public void Without_changes_no_archive_is_made(string ending)
    {
        ArchiveFormat format = Varve.App.Settings.Values.ArchiveFormats.Parse(ending[1..], "");
        ArchiveResult first = _rig.Make(format);
        string escaped = ending.Replace(".", @"\.", StringComparison.Ordinal);
        Assert.Matches($@"^tree-\d{{4}}-\d\d-\d\dT\d{{6}}{escaped}$", Assert.Single(_rig.Archives));
        ArchiveResult again = _rig.Make(format);
        Assert.True(again.IsUnchanged);
        Assert.Equal(first.Path, again.Path);
        TreeDigest digest = Digester.Run(Encoding.UTF8.GetBytes(_rig.Tree), new DigestOptions(), TestContext.Current.CancellationToken);
        Assert.Equal(digest.Digest, again.Digest);
        Assert.Single(_rig.Archives);
        Assert.False(_rig.Make(format, static o => o with { Force = true }).IsUnchanged);
        File.AppendAllText(_rig.Tree + "/a", "more");
        Assert.False(_rig.Make(format).IsUnchanged);
        Assert.Equal(3, _rig.Archives.Length);
    }

    [Fact]
    public void What_a_backup_by_the_same_rules_leaves_out_no_archive_has()
    {
        Directory.CreateDirectory(_rig.Tree + "/cache/deep");
        File.WriteAllText(_rig.Tree + "/cache/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n");
        File.WriteAllText(_rig.Tree + "/cache/deep/file", "x");
        Directory.CreateDirectory(_rig.Tree + "/none/deep");
        File.WriteAllText(_rig.Tree + "/none/.nobackup", "");
        File.WriteAllText(_rig.Tree + "/.varveignore", "*.log\n");
        File.WriteAllText(_rig.Tree + "/below/x.log", "x");
        File.WriteAllText(_rig.Tree + "/below/large", new string('x', 2000));
        File.WriteAllText(_rig.Tree + "/below/old", "x");
        File.SetLastWriteTimeUtc(_rig.Tree + "/below/old", new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Programs.Run("setfattr", "-n", "user.skip", "-v", "1", _rig.Tree + "/a");
        ArchiveResult all = _rig.Make(), made = _rig.Make(with: static o => o with
        {
            Walk = o.Walk with
            {
                ExcludeCaches = true,
                ExcludeIfPresent = [".nobackup"],
                IgnoreFiles = [".varveignore"],
                ExcludeLargerThan = 1000,
                ExcludeOlderThan = new FileTime(1_000_000_000, 0),
                ExcludeXattrs = ["user.skip"],
            },
        });
        Assert.Contains("tree/below/x.log", Names(all));
        Assert.Equal(["tree/", "tree/.varveignore", "tree/below/", "tree/below/b", "tree/cache/", "tree/cache/CACHEDIR.TAG", "tree/link",
            "tree/none/", "tree/none/.nobackup"], Names(made));

        static string[] Names(ArchiveResult result)
        {
            using ZipArchive zip = ZipFile.OpenRead(ArchiveRig.PathOf(result));
            return [.. zip.Entries.Select(static e => e.FullName).Order(StringComparer.Ordinal)];
        }
    }

    [Fact]
    public void Archives_that_are_made_in_the_tree_do_not_hold_each_other()
    {
        Directory.CreateDirectory(_rig.Tree + "/made");
        ArchiveOptions Into(ArchiveOptions o) => o with { To = Encoding.UTF8.GetBytes(_rig.Tree + "/made") };
        ArchiveResult first = _rig.Make(with: Into);
        Assert.True(_rig.Make(with: Into).IsUnchanged);
        using ZipArchive zip = ZipFile.OpenRead(ArchiveRig.PathOf(first));
        Assert.DoesNotContain(zip.Entries, static e => e.FullName.StartsWith("tree/made", StringComparison.Ordinal));
    }

    [Fact]
    public void Older_archives_of_this_source_are_removed_and_nothing_else()
    {
        string other = _rig["other"];
        Directory.CreateDirectory(other);
        _rig.Make(with: o => o with { Paths = [Encoding.UTF8.GetBytes(other)] });
        File.WriteAllText(_rig["to/tree-2001-01-01T000000.zip"], "no archive");
        ZipFile.CreateFromDirectory(other, _rig["to/tree-2002-01-01T000000.zip"]);
        string[] before = _rig.Archives;
        for (int i = 0; i < 5; i++)
        {
            File.WriteAllText(_rig.Tree + "/a", new string('x', i));
            Assert.Empty(_rig.Make(i % 2 == 0 ? ArchiveFormat.Zip : ArchiveFormat.TarZst).Removed);
        }

        File.WriteAllText(_rig.Tree + "/a", "last");
        string[] made = [.. _rig.Archives.Except(before)];
        Assert.Equal(5, made.Length);
        ArchiveResult result = _rig.Make(with: static o => o with { Keep = 3 });
        Assert.Equal(3, result.Removed.Count);
        IEnumerable<string> removed = result.Removed.Select(static p => Encoding.UTF8.GetString(p));
        Assert.Equal(made.Order(StringComparer.Ordinal).Take(3), removed.Order(StringComparer.Ordinal));
        Assert.Equal(before, _rig.Archives.Intersect(before));
        Assert.Equal(before.Length + 3, _rig.Archives.Length);
    }

    [Fact]
    public void An_archive_has_its_name_when_it_is_whole_and_older_ones_are_there_until_then()
    {
        _rig.Make();
        File.WriteAllText(_rig.Tree + "/a", "changed");
        string[] seen = [];
        Gate.Visit(point =>
        {
            if (point == Gate.ArchiveWhole) { seen = _rig.Archives; }
        });
        try { Assert.Single(_rig.Make(with: static o => o with { Keep = 1 }).Removed); }
        finally { Gate.Visit(null); }
        Assert.Equal(2, seen.Length);
        Assert.StartsWith(".varve-archive-", seen[0], StringComparison.Ordinal);
        Assert.Single(_rig.Archives);
    }

    [Fact]
    public void What_fails_leaves_nothing_and_removes_nothing()
    {
        _rig.Make();
        File.WriteAllText(_rig.Tree + "/a", "changed");
        string[] before = _rig.Archives;
        Gate.Visit(static point =>
        {
            if (point == Gate.ArchiveWhole) { throw new OperationCanceledException(); }
        });
        try { Assert.Throws<OperationCanceledException>(() => _rig.Make(with: static o => o with { Keep = 1 })); }
        finally { Gate.Visit(null); }
        Assert.Equal(before, _rig.Archives);
        File.WriteAllText(_rig["to/.varve-archive-0123456789abcdef"], "left by a killed run");
        Assert.False(_rig.Make().IsUnchanged);
        Assert.Equal(2, _rig.Archives.Length);
    }

    [Theory]
    [InlineData((object)ArchiveFormat.Zip, 100)]
    [InlineData((object)ArchiveFormat.Zip, 3_000_000)]
    [InlineData((object)ArchiveFormat.TarZst, 100)]
    [InlineData((object)ArchiveFormat.TarZst, 3_000_000)]
    public void A_file_that_was_changed_just_now_is_archived_as_of_one_moment(object format, int size)
    {
        // The writer is held out until the copy is made, and then changes the file before it is compared. No other file is there, whose
        // copy the writer would take for this one's.
        Directory.Delete(_rig.Tree, recursive: true);
        Directory.CreateDirectory(_rig.Tree);
        string file = _rig.Tree + "/changing";
        File.WriteAllBytes(file, Enumerable.Repeat((byte)'a', size).ToArray());
        int changes = 0;
        Gate.Visit(point =>
        {
            if (point != Gate.Copied || changes > 1) { return; }
            changes++;
            File.WriteAllBytes(file, Enumerable.Repeat((byte)('a' + changes), size).ToArray());
        });
        ArchiveResult result;
        try { result = _rig.Make((ArchiveFormat)format); }
        finally { Gate.Visit(null); }
        Assert.True(changes > 0);
        Assert.Equal(0, result.TornCount);
        string target = Directory.CreateDirectory(_rig["extracted"]).FullName;
        Programs.Run("bsdtar", "-xf", ArchiveRig.PathOf(result), "-C", target);
        byte[] bytes = File.ReadAllBytes(target + "/tree/changing");
        Assert.Equal(size, bytes.Length);
        Assert.All(bytes.Distinct(), b => Assert.Equal((byte)('a' + changes), b));
    }

    [Theory]
    [InlineData((object)ArchiveFormat.Zip)]
    [InlineData((object)ArchiveFormat.TarGz)]
    public void A_file_that_never_holds_still_is_flagged_and_the_next_archive_is_made(object format)
    {
        // No other file is there, at whose copy another thread would write to this one at the same time.
        Directory.Delete(_rig.Tree, recursive: true);
        Directory.CreateDirectory(_rig.Tree);
        string file = _rig.Tree + "/changing";
        File.WriteAllText(file, "a");
        int changes = 0;
        Gate.Visit(point =>
        {
            if (point == Gate.Copied) { File.WriteAllText(file, new string((char)('a' + (++changes % 26)), 50)); }
        });
        ArchiveResult result;
        try { result = _rig.Make((ArchiveFormat)format); }
        finally { Gate.Visit(null); }
        Assert.Equal(1, result.TornCount);
        Assert.Equal(file, Encoding.UTF8.GetString(Assert.Single(result.Torn)));
        Assert.Null(result.Digest);
        Assert.False(_rig.Make((ArchiveFormat)format).IsUnchanged);
    }

    [Fact]
    [Trait("Needs", "root")]
    public void What_cannot_be_read_is_data_and_all_else_is_archived()
    {
        using var odd = new OddFileSystem(
            "busy,1000,1000,i", "large,3000000,3000000,i", "plain,1000,1000", "zero,0,5000", "longer,1500000,3000000");
        byte[] path = Encoding.UTF8.GetBytes(odd.Path);
        foreach (ArchiveFormat format in Enum.GetValues<ArchiveFormat>())
        {
            ArchiveResult result = _rig.Make(format, o => o with { Paths = [path] });
            Assert.Equal(["busy", "large"], result.Failures.Select(static f => Path.GetFileName(Encoding.UTF8.GetString(f.Path))));
            Assert.Equal(["longer"], result.Torn.Select(static f => Path.GetFileName(Encoding.UTF8.GetString(f))));
            Assert.Null(result.Digest);
            Assert.False(_rig.Make(format, o => o with { Paths = [path] }).IsUnchanged);
            string target = Directory.CreateDirectory(_rig["extracted-" + format]).FullName;
            Programs.Run("bsdtar", "-xf", ArchiveRig.PathOf(result), "-C", target);
            IEnumerable<string?> extracted = Directory.GetFiles(target + "/mount").Select(Path.GetFileName);
            Assert.Equal(["longer", "plain", "zero"], extracted.Order(StringComparer.Ordinal));
            Assert.Equal(OddFileSystem.Content(1000), File.ReadAllBytes(target + "/mount/plain"));
            Assert.Equal(OddFileSystem.Content(5000), File.ReadAllBytes(target + "/mount/zero"));
        }
    }

    [Fact]
    public void The_same_tree_gives_the_same_bytes_wherever_it_is_and_whenever()
    {
        var time = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        foreach (string path in (string[])["a", "below/b", "below", "."]) { File.SetLastWriteTimeUtc(Path.Combine(_rig.Tree, path), time); }
        Programs.Run("cp", "-a", _rig.Tree, _rig["elsewhere"]);
        Directory.CreateDirectory(_rig["elsewhere2"]);
        Directory.Move(_rig["elsewhere"], _rig["elsewhere2/tree"]);
        foreach (ArchiveFormat format in Enum.GetValues<ArchiveFormat>())
        {
            ArchiveResult one = _rig.Make(format, static o => o with { Reproducible = true, Force = true });
            ArchiveResult other = _rig.Make(format, o => o with
            {
                Reproducible = true,
                Force = true,
                Paths = [Encoding.UTF8.GetBytes(_rig["elsewhere2/tree"])],
                Host = "another",
                Threads = 1,
            });
            Assert.Equal(File.ReadAllBytes(ArchiveRig.PathOf(one)), File.ReadAllBytes(ArchiveRig.PathOf(other)));
        }
    }

    [Fact]
    public void A_snapshot_gives_the_bytes_that_the_live_tree_gives()
    {
        byte[] large = new byte[2_500_000];
        new Random(1).NextBytes(large);
        File.WriteAllBytes(_rig.Tree + "/large", large);
        using var rig = new Rig();
        rig.Backup(_rig.Tree);
        using Repository repository = rig.Open();
        SnapshotInfo snapshot = Assert.Single(repository.Snapshots(static e => throw e));
        foreach (ArchiveFormat format in Enum.GetValues<ArchiveFormat>())
        {
            ArchiveResult live = _rig.Make(format, static o => o with { Reproducible = true, Force = true });
            ArchiveOptions options = _rig.Options(format) with { Paths = [], Reproducible = true, Force = true };
            ArchiveResult stored = Archiver.Run(repository, new ChosenSnapshot(snapshot, []), options, new ArchiveMonitor(),
                TestContext.Current.CancellationToken);
            Assert.Equal(live.Digest, stored.Digest);
            Assert.Equal(File.ReadAllBytes(ArchiveRig.PathOf(live)), File.ReadAllBytes(ArchiveRig.PathOf(stored)));
        }

        ArchiveResult part = Archiver.Run(repository, new ChosenSnapshot(snapshot, "below"u8.ToArray()), _rig.Options() with { Paths = [] },
            new ArchiveMonitor(), TestContext.Current.CancellationToken);
        Assert.Equal((1, 1), (part.Files, part.Directories));
    }

    [Fact]
    public void Several_paths_one_file_and_a_template_are_archived()
    {
        File.WriteAllText(_rig["single"], "file");
        ArchiveResult result = _rig.Make(with: o => o with
        {
            Paths = [Encoding.UTF8.GetBytes(_rig["single"]), .. o.Paths],
            Template = "my {host} {name} {time}"u8.ToArray(),
        });
        Assert.StartsWith(_rig["to"] + "/my desk single 20", ArchiveRig.PathOf(result), StringComparison.Ordinal);
        using ZipArchive zip = ZipFile.OpenRead(ArchiveRig.PathOf(result));
        IEnumerable<string> names = zip.Entries.Select(static e => e.FullName);
        Assert.Equal(["single", "tree/", "tree/a", "tree/below/", "tree/below/b", "tree/link"], names.Order(StringComparer.Ordinal));
        VarveException e = Assert.Throws<VarveException>(() => _rig.Make(with: static o => o with { Paths = [.. o.Paths, .. o.Paths] }));
        Assert.Equal(ErrorKind.Usage, e.Kind);
        foreach (byte[] wrong in (byte[][])["x"u8.ToArray(), "a/{time}"u8.ToArray(), ".{time}"u8.ToArray()])
        {
            Assert.Equal(ErrorKind.Usage, Assert.Throws<VarveException>(() => _rig.Make(with: o => o with { Template = wrong })).Kind);
        }
    }
}
