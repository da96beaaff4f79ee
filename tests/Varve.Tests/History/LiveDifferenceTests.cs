using System.Text;
using Varve.Backup;
using Varve.Backup.Sources;
using Varve.History;
using Varve.History.Differences;
using Varve.Model;
using Varve.Model.Changes;
using Varve.Platform;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Tests.Platform;
using Varve.Vault;
using Varve.Vault.Snapshots;

namespace Varve.Tests.History;

/// <summary>What a snapshot and the tree that it was made of, as it is now, have that is not the same.</summary>
public sealed class LiveDifferenceTests : IDisposable
{
    private readonly Rig _rig = new();
    private readonly List<Failure> _failures = [];

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Of_any_changes_it_tells_what_the_next_snapshot_would_tell()
    {
        ChangingTree.Create(_rig.Source);
        Make();
        var random = new Random(11);
        int some = 0;
        for (int i = 0; i < 10; i++)
        {
            for (int step = 0; step < 12; step++) { RandomChange.Make(_rig.Source, random); }
            List<string[]> live = [];
            for (int a = 0; a <= i; a++) { live.Add(Live(a, byContent: true)); }
            Make();
            using Repository repository = _rig.Open();
            IReadOnlyList<SnapshotInfo> all = repository.Snapshots();
            if (all.Count < i + 2) { break; }
            for (int a = 0; a <= i; a++)
            {
                Assert.Equal(Told(repository.Compare(all[a], all[^1], null, TestContext.Current.CancellationToken)), live[a]);
                some += live[a].Length;
            }
        }

        Assert.True(some > 100, $"{some} differences");
        Assert.Empty(_failures);
    }

    [Fact]
    public void Content_is_the_same_if_size_and_time_are_unless_it_is_compared_by_its_bytes()
    {
        var time = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        foreach (string name in (string[])["touched", "secretly", "rewritten", "empty"]) { Write(name, name == "empty" ? "" : "content"); }
        File.WriteAllBytes(At("large"), Desk.Bytes(1, 3_000_000));
        File.SetLastWriteTimeUtc(At("secretly"), time);
        Make();
        File.SetLastWriteTimeUtc(At("touched"), time);
        Write("secretly", "CONTENT");
        File.SetLastWriteTimeUtc(At("secretly"), time);
        Write("rewritten", "content");
        byte[] large = Desk.Bytes(1, 3_000_000);
        large[2_999_999] ^= 1;
        File.WriteAllBytes(At("large"), large);
        Assert.Equal(["Changed large: Content, Modified", "Changed rewritten: Content, Modified", "Changed touched: Content, Modified"],
            Live(0, byContent: false));
        Assert.Equal(
            ["Changed large: Content, Modified", "Metadata rewritten: Modified", "Changed secretly: Content", "Metadata touched: Modified"],
            Live(0, byContent: true));
    }

    [Fact]
    public void What_was_moved_has_its_content_with_it()
    {
        Write("dir/deep/a", "a");
        Write("dir/changed", "one");
        Write("b", "b");
        Make();
        Directory.Move(At("dir"), At("moved"));
        File.Move(At("b"), At("c"));
        File.WriteAllText(At("moved/changed"), "two");
        foreach (bool byContent in (bool[])[false, true])
        {
            Assert.Equal(
                ["Moved c from b", "Moved moved from dir", "Moved moved/changed from dir/changed: Content, Modified"], Live(0, byContent));
        }
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_told_and_is_no_difference()
    {
        Write("file", "aaaa");
        Make();
        using var watch = new SystemCallWatch(static (call, _, name) =>
            call == SystemCall.Open && name.SequenceEqual("file"u8) ? Errno.EIO : 0);
        Assert.Empty(Live(0, byContent: false));
        Assert.Empty(_failures);
        Assert.Empty(Live(0, byContent: true));
        Assert.Equal((Errno.EIO, FailedOperation.Read), (_failures[0].Errno, _failures[0].Operation));
    }

    [Fact]
    public void A_directory_whose_names_never_rest_is_told()
    {
        Write("mail/a", "a");
        Make();
        using var restless = new RestlessFile(At("mail"));
        Live(0, byContent: false);
        Assert.Equal((FailedOperation.Changed, "mail"), (_failures[0].Operation, Encoding.UTF8.GetString(_failures[0].Path)));
    }

    [Fact]
    public void Only_what_is_asked_for_is_looked_at_and_what_neither_has_is_refused()
    {
        Write("dir/deep/a", "a");
        Write("b", "b");
        Make();
        File.Delete(At("b"));
        Write("dir/deep/new", "new");
        Assert.Equal(["New dir/deep/new"], Live(0, path: "dir"));
        Assert.Equal(["New dir/deep/new"], Live(0, path: "dir/deep/new"));
        Assert.Equal(["Gone b"], Live(0, path: "b"));
        Directory.Delete(At("dir"), recursive: true);
        Assert.Equal(["Gone dir/deep", "Gone dir/deep/a"], Live(0, path: "dir/deep"));
        VarveException error = Assert.Throws<VarveException>(() => Live(0, path: "nowhere"));
        Assert.Equal(ErrorKind.NotFound, error.Kind);
        Directory.Delete(_rig.Source, recursive: true);
        error = Assert.Throws<VarveException>(() => Live(0));
        Assert.Equal((ErrorKind.NotFound, Advice.CheckPath), (error.Kind, error.Advice));
    }

    [Fact]
    public void A_restored_tree_is_compared_wherever_it_is()
    {
        ChangingTree.Create(_rig.Source);
        Make();
        string copy = _rig.Keep(_rig.Source, "copy");
        Assert.DoesNotContain(Live(0, byContent: true, directory: copy), static d => !d.StartsWith("Metadata", StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(copy, "new"), "");
        Assert.Contains("New new", Live(0, directory: copy));
        _rig.HostName = "another";
        VarveException error = Assert.Throws<VarveException>(() => Live(0));
        Assert.Equal((ErrorKind.Usage, Advice.NameTree), (error.Kind, error.Advice));
        Assert.Contains("New new", Live(0, directory: copy));
    }

    [Fact]
    public void What_was_left_out_on_purpose_is_no_difference_and_what_failed_is_none_either()
    {
        Write("keep", "keep");
        Write("cache/deep/a", "a");
        Write("a.tmp", "tmp");
        using (Repository repository = _rig.Open())
        using (new SystemCallWatch(static (call, _, name) => call == SystemCall.Open && name.SequenceEqual("bad"u8) ? Errno.EACCES : 0))
        {
            Write("bad", "bad");
            var options = new BackupOptions { RootPath = Encoding.UTF8.GetBytes(_rig.Source), Excludes = ["cache/", "*.tmp"] };
            Assert.Equal(1, BackupRunner.Run(repository, options, new BackupMonitor(), default).FailureCount);
        }

        using (Repository repository = _rig.Open())
        {
            LiveComparisonResult result = Run(repository, 0, false, null, null);
            Assert.Equal(["Failed bad"], Told(result.Differences));
            Assert.Equal(2, result.LeftOut);
        }
    }

    [Fact]
    public void Of_several_roots_only_what_is_in_them_is_compared()
    {
        Write("one/a", "a");
        Write("two/b", "b");
        Write("three/c", "c");
        using (Repository repository = _rig.Open())
        {
            BackupRunner.Run(repository, new BackupOptions
            {
                RootPath = Bytes(At("one")), RootAs = Bytes(At("one")), CanonicalRoot = Bytes(_rig.Source),
                FurtherRoots = [new RootMapping(Bytes(At("two")), Bytes(At("two")))],
            }, new BackupMonitor(), default);
        }

        Write("two/new", "new");
        Write("three/new", "new");
        Assert.Equal(["New two/new"], Live(0));
    }

    [Fact]
    public void A_single_file_is_compared()
    {
        Write("file", "text");
        FileClock.Settle();
        _rig.Backup(At("file"));
        Assert.Empty(Live(0));
        Write("file", "longer text");
        Assert.Equal(["Changed : Content, Modified"], Live(0));
        File.Delete(At("file"));
        Assert.Throws<VarveException>(() => Live(0));
    }

    [Fact]
    public void Trees_deeper_than_descriptors_reach_are_compared()
    {
        string deep = _rig.Source;
        for (int i = 0; i < 700; i++) { deep += "/d"; }
        Directory.CreateDirectory(deep);
        Make();
        File.WriteAllText(deep + "/new", "");
        Assert.Equal([$"New {deep[(_rig.Source.Length + 1)..]}/new"], Live(0));
        Assert.Empty(_failures);
    }

    private static string[] Told(IReadOnlyList<Difference> differences) => [.. differences.Select(static d =>
        $"{d.Change} {Text(d.Path)}" + (d.MovedFrom is { } from ? $" from {Text(from)}" : "") + (d.Properties == 0 ? "" : $": {d.Properties}"))];

    private static byte[] Bytes(string path) => Encoding.UTF8.GetBytes(path);

    private static string Text(byte[] path) => Encoding.UTF8.GetString(path);

    private string At(string name) => Path.Combine(_rig.Source, name);

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllText(At(name), text);
    }

    private void Make()
    {
        FileClock.Settle();
        Assert.Equal(0, _rig.Backup().FailureCount);
    }

    private string[] Live(int snapshot, bool byContent = false, string? path = null, string? directory = null)
    {
        using Repository repository = _rig.Open();
        return Told(Run(repository, snapshot, byContent, path, directory).Differences);
    }

    private LiveComparisonResult Run(Repository repository, int snapshot, bool byContent, string? path, string? directory) =>
        repository.CompareWithTree(repository.Snapshots()[snapshot], path is null ? null : Encoding.UTF8.GetBytes(path),
            directory is null ? null : Encoding.UTF8.GetBytes(directory), byContent, _failures.Add, TestContext.Current.CancellationToken);
}
