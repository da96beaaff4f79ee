using System.Text;
using Varve.Archives.Extract;
using Varve.Archives.Output;
using Varve.Archives.Write;
using Varve.Platform;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Trees;

namespace Varve.Tests.Archives.Write;

/// <summary>Archives of several files, each of which opens without the others.</summary>
public sealed class VolumeTests : IDisposable
{
    private const int MiB = 1 << 20;

    private readonly ArchiveRig _rig = new();
    private readonly Random _some = new(7);

    public void Dispose() => _rig.Dispose();

    public static TheoryData<string> Endings => [".zip", ".tar", ".tar.gz", ".tar.zst"];

    [Theory]
    [MemberData(nameof(Endings))]
    public void No_volume_is_longer_than_it_may_be_and_each_opens_by_itself(string ending)
    {
        // Some of it compresses well, some not at all.
        for (int i = 0; i < 120; i++) { Fill($"d{i % 7}/deep/file-{i:000}", _some.Next(1, 200_000), isRandom: i % 3 != 0); }

        Fill("large", 1_300_000, isRandom: true);
        Fill("plain", ending == ".tar" ? 1_500_000 : 5_000_000, isRandom: false);
        ArchiveResult result = Make(ending, 2 * MiB);
        Assert.InRange(result.Volumes.Count, 4, 9);
        string target = Directory.CreateDirectory(_rig["extracted"]).FullName;
        foreach (ArchiveVolume volume in result.Volumes)
        {
            string path = Encoding.UTF8.GetString(volume.Path);
            Assert.Equal(volume.Bytes, new FileInfo(path).Length);
            Assert.InRange(volume.Bytes, 1, 2 * MiB);
            Assert.Null(volume.Larger);
            string alone = Directory.CreateDirectory(_rig["alone"]).FullName;
            Programs.Run("bsdtar", "-xpf", path, "-C", alone);
            Assert.NotEmpty(Directory.EnumerateFiles(alone, "*", SearchOption.AllDirectories));
            Directory.Delete(alone, recursive: true);
            if (ending == ".zip") { Programs.Run("unzip", "-q", "-o", path, "-d", target); }
            else { Programs.Run("tar", "-xpf", path, "-C", target); }
        }

        Assert.Equal(Enumerable.Range(1, result.Volumes.Count), result.Volumes.Select(v => NumberOf(v, ending)));
        Assert.Equal(Contents(_rig.Tree), Contents(target + "/tree"));
        // All but the last are nearly full.
        Assert.All(result.Volumes.SkipLast(1), static v => Assert.InRange(v.Bytes, (2 * MiB) - 1_500_000, 2 * MiB));
    }

    [Theory]
    [MemberData(nameof(Endings))]
    public void A_file_that_is_longer_than_a_volume_stands_alone_and_is_told(string ending)
    {
        Fill("a", 1000, isRandom: true);
        Fill("b", 3 * MiB, isRandom: true);
        Fill("c", 1000, isRandom: true);
        ArchiveResult result = Make(ending, MiB);
        Assert.Equal(3, result.Volumes.Count);
        Assert.Equal([null, "tree/b", null], result.Volumes.Select(static v => v.Larger is null ? null : Encoding.UTF8.GetString(v.Larger)));
        string[] names = Programs.Run("bsdtar", "-tf", Encoding.UTF8.GetString(result.Volumes[1].Path))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["tree/", "tree/b"], names);
    }

    [Theory]
    [MemberData(nameof(Endings))]
    public void Volumes_are_extracted_one_after_the_other_with_all_metadata(string ending)
    {
        for (int i = 0; i < 40; i++) { Fill($"d{i / 4:00}/file-{i:000}", 100_000, isRandom: true); }
        foreach (string directory in Directory.EnumerateDirectories(_rig.Tree))
        {
            File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            Directory.SetLastWriteTimeUtc(directory, new DateTime(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        }

        Directory.SetLastWriteTimeUtc(_rig.Tree, new DateTime(2021, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        ArchiveResult result = Make(ending, MiB);
        Assert.InRange(result.Volumes.Count, 4, 6);
        foreach (ArchiveVolume volume in result.Volumes)
        {
            var options = new ExtractOptions
            {
                Archive = volume.Path, Target = Encoding.UTF8.GetBytes(_rig["extracted"]), Threads = 2, Time = TimeProvider.System,
            };
            ExtractResult extracted = Within.Run(() => Extractor.Run(options, new ExtractTally(), TestContext.Current.CancellationToken));
            Assert.Empty(extracted.Failures);
        }

        Assert.Equal(Contents(_rig.Tree), Contents(_rig["extracted/tree"]));
        Assert.Equal(Listing(_rig.Tree), Listing(_rig["extracted/tree"]));
    }

    [Fact]
    public void Names_of_a_file_are_one_within_a_volume_and_have_a_copy_in_another()
    {
        Fill("a/one", 600_000, isRandom: true);
        Fill("b/filler", 600_000, isRandom: true);
        foreach (string name in (string[])["a/two", "b/three", "b/two"])
        {
            ZooPosix.Link(ZooPosix.Path(_rig.Tree, "a/one"), ZooPosix.Path(_rig.Tree, name));
        }

        ArchiveResult result = Make(".tar", MiB);
        string[] lists = [.. result.Volumes.Select(static v => Programs.Run("tar", "-tvf", Encoding.UTF8.GetString(v.Path)))];
        Assert.Equal(3, lists.Length);
        Assert.Contains("tree/a/two link to tree/a/one", lists[0], StringComparison.Ordinal);
        Assert.Contains("tree/b/filler", lists[1], StringComparison.Ordinal);
        Assert.Contains("tree/b/two link to tree/b/three", lists[2], StringComparison.Ordinal);
        string target = Directory.CreateDirectory(_rig["extracted"]).FullName;
        foreach (ArchiveVolume volume in result.Volumes) { Programs.Run("tar", "-xpf", Encoding.UTF8.GetString(volume.Path), "-C", target); }
        Assert.Equal(Contents(_rig.Tree), Contents(target + "/tree"));
    }

    [Theory]
    [MemberData(nameof(Endings))]
    public void Without_changes_no_volumes_are_made_unless_one_is_gone(string ending)
    {
        for (int i = 0; i < 30; i++) { Fill($"file-{i:000}", 100_000, isRandom: true); }
        ArchiveResult first = Make(ending, MiB);
        Assert.True(Make(ending, MiB).IsUnchanged);
        string[] made = _rig.Archives;
        File.Delete(Encoding.UTF8.GetString(first.Volumes[1].Path));
        ArchiveResult second = Make(ending, MiB);
        Assert.False(second.IsUnchanged);
        Assert.NotNull(second.Digest);
        // Of what is no archive any more all goes, with what is older.
        Fill("file-000", 100, isRandom: true);
        ArchiveResult third = Make(ending, MiB, keep: 1);
        Assert.Equal(made.Length - 1 + second.Volumes.Count, third.Removed.Count);
        Assert.Equal(third.Volumes.Select(static v => Path.GetFileName(Encoding.UTF8.GetString(v.Path))), _rig.Archives);
    }

    [Theory]
    [InlineData(".zip")]
    [InlineData(".tar.zst")]
    public void Of_volumes_none_has_its_name_before_all_are_whole(string ending)
    {
        for (int i = 0; i < 30; i++) { Fill($"file-{i:000}", 100_000, isRandom: true); }
        string[] seen = [];
        Gate.Visit(point =>
        {
            if (point == Gate.ArchiveWhole) { seen = _rig.Archives; }
        });
        ArchiveResult result;
        try { result = Make(ending, MiB); }
        finally { Gate.Visit(null); }
        Assert.Equal(result.Volumes.Count, seen.Length);
        Assert.All(seen, static name => Assert.StartsWith(OutputFile.Prefix, name, StringComparison.Ordinal));
    }

    [Fact]
    public void A_volume_whose_name_is_taken_takes_the_names_of_the_others_back()
    {
        for (int i = 0; i < 30; i++) { Fill($"file-{i:000}", 100_000, isRandom: true); }
        Gate.Visit(point =>
        {
            if (point != Gate.ArchiveWhole) { return; }
            // The clock of the test stands within the second.
            for (int i = -60; i < 3; i++)
            {
                string name = "tree-" + DateTime.UtcNow.AddSeconds(i).ToString("yyyy-MM-dd'T'HHmmss", null) + ".002.zip";
                File.WriteAllText(_rig["to/" + name], "");
            }
        });
        try { Assert.Throws<VarveException>(() => Make(".zip", MiB)); }
        finally { Gate.Visit(null); }
        Assert.All(_rig.Archives, static name => Assert.EndsWith(".002.zip", name, StringComparison.Ordinal));
    }

    private ArchiveResult Make(string ending, long size, int? keep = null)
    {
        ArchiveFormat format = Varve.App.Settings.Values.ArchiveFormats.Parse(ending[1..], "");
        return _rig.Make(format, o => o with { VolumeSize = size, Keep = keep });
    }

    private void Fill(string name, int size, bool isRandom)
    {
        string path = Path.Combine(_rig.Tree, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var bytes = new byte[size];
        if (isRandom) { _some.NextBytes(bytes); }
        else { bytes.AsSpan().Fill((byte)'x'); }
        File.WriteAllBytes(path, bytes);
    }

    private static int NumberOf(ArchiveVolume volume, string ending)
    {
        string name = Encoding.UTF8.GetString(volume.Path)[..^ending.Length];
        return int.Parse(name[^3..], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static string[] Listing(string root) =>
        [.. Programs.Run("find", root, "-printf", "%P %y %m %Ts\n").Split('\n').Order(StringComparer.Ordinal)];

    private static SortedDictionary<string, string> Contents(string root)
    {
        var contents = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string path in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
        {
            byte[] hash = System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path));
            contents[Path.GetRelativePath(root, path)] = Convert.ToHexString(hash);
        }

        return contents;
    }
}
