using System.Text;
using Varve.Backup;
using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.History;
using Varve.History.Differences;
using Varve.History.Import;
using Varve.Model;
using Varve.Model.Changes;
using Varve.Platform;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Tests.Platform;
using Varve.Vault;
using Varve.Vault.Snapshots;

namespace Varve.Tests.History;

/// <summary>What two snapshots have that is not the same.</summary>
public sealed class DifferenceTests : IDisposable
{
    private readonly Rig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Each_way_to_differ_has_its_word()
    {
        foreach (string name in (string[])["stays", "grows", "mode", "touched", "gone", "renamed", "becomes a link", "dir/in", "dir/deep/er"])
        {
            Write(name, name);
        }

        File.CreateSymbolicLink(At("link"), "stays");
        Make();
        Write("grows", "grows and grows");
        File.SetUnixFileMode(At("mode"), UnixFileMode.UserRead);
        File.SetLastWriteTimeUtc(At("touched"), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        File.Delete(At("gone"));
        File.Move(At("renamed"), At("has another name"));
        File.Delete(At("becomes a link"));
        File.CreateSymbolicLink(At("becomes a link"), "stays");
        File.Delete(At("link"));
        File.CreateSymbolicLink(At("link"), "grows");
        Directory.Move(At("dir"), At("moved dir"));
        Write("moved dir/in", "something else");
        Write("new", "new");
        Make();
        Assert.Equal(
        [
            "Changed becomes a link: Kind", "Gone gone", "Changed grows: Content, Modified", "Moved has another name from renamed",
            "Changed link: Target, Modified", "Metadata mode: Mode", "Moved moved dir from dir",
            "Moved moved dir/in from dir/in: Content, Modified", "New new", "Metadata touched: Modified",
        ], Differences(0, 1));
        Assert.Equal(
        [
            "Changed becomes a link: Kind", "Moved dir from moved dir", "Moved dir/in from moved dir/in: Content, Modified", "New gone",
            "Changed grows: Content, Modified", "Changed link: Target, Modified", "Metadata mode: Mode", "Gone new",
            "Moved renamed from has another name", "Metadata touched: Modified",
        ], Differences(1, 0));
        Assert.Equal(["Moved moved dir from dir", "Moved moved dir/in from dir/in: Content, Modified"], Differences(0, 1, "moved dir"));
        Assert.Equal(["Moved moved dir from dir", "Moved moved dir/in from dir/in: Content, Modified"], Differences(0, 1, "dir"));
        Assert.Empty(Differences(0, 0));
    }

    [Fact]
    public void A_catalog_and_trees_tell_the_same_of_any_two_snapshots()
    {
        ChangingTree.Create(_rig.Source);
        Make();
        var random = new Random(7);
        for (int i = 0; i < 6; i++)
        {
            for (int step = 0; step < 12; step++) { RandomChange.Make(_rig.Source, random); }
            Make();
        }

        int count = _rig.Snapshots().Count, some = 0;
        for (int a = 0; a < count; a++)
        {
            for (int b = 0; b < count; b++) { some += Differences(a, b).Length; }
        }

        Assert.True(some > 100, $"{some} differences");
    }

    [Fact]
    public void What_could_not_be_saved_is_neither_gone_nor_new_for_the_next()
    {
        Write("dir/a", "a");
        Write("b", "b");
        Make();
        using (new SystemCallWatch(static (call, _, name) =>
            call == SystemCall.Open && (name.SequenceEqual("dir"u8) || name.SequenceEqual("c"u8)) ? Errno.EACCES : 0))
        {
            Write("c", "c");
            Assert.Equal(2, _rig.Backup().FailureCount);
        }

        Make();
        Assert.Equal(["Failed dir"], Differences(0, 1));
        Assert.Equal(["Failed c", "Failed dir"], Differences(1, 2));
        Assert.Equal(["Failed dir"], Differences(0, 1, "dir/a"));
        Assert.Equal(["New c"], Differences(0, 2));
    }

    [Fact]
    public void What_a_partial_snapshot_left_for_the_next_is_still_to_come()
    {
        Write("a", "a");
        Make();
        foreach (int i in (ReadOnlySpan<int>)[1, 2, 3]) { File.WriteAllBytes(At($"new{i}"), Desk.Bytes(i, 300_000)); }
        File.Delete(At("a"));
        using (Repository repository = _rig.Open())
        {
            var options = new BackupOptions { RootPath = Encoding.UTF8.GetBytes(_rig.Source), Budget = 400_000, Workers = 1 };
            Assert.Equal(2, BackupRunner.Run(repository, options, new BackupMonitor(), default).Snapshot.Counts.PendingFiles);
        }

        Make();
        Assert.Equal(["Gone a", "New new"], Differences(0, 1).Select(static d => d.TrimEnd('1', '2', '3')));
        Assert.Equal(["Pending new", "Pending new"], Differences(1, 2).Select(static d => d.TrimEnd('1', '2', '3')));
        Assert.Equal(["Pending new", "Pending new"], Differences(2, 1).Select(static d => d.TrimEnd('1', '2', '3')));
    }

    [Fact]
    public void A_path_is_told_what_became_of_the_directory_above_it_and_a_mistyped_one_is_refused()
    {
        Write("dir/deep/a", "a");
        Make();
        Directory.Move(At("dir"), At("moved"));
        Make();
        Assert.Equal(["Moved moved from dir"], Differences(0, 1, "moved/deep/a"));
        Assert.Equal(["Moved moved from dir"], Differences(0, 1, "dir/deep/a"));
        using Repository repository = _rig.Open();
        IReadOnlyList<SnapshotInfo> all = repository.Snapshots();
        VarveException error = Assert.Throws<VarveException>(() => repository.Compare(all[0], all[1], "nowhere/b"u8.ToArray()));
        Assert.Equal(ErrorKind.NotFound, error.Kind);
    }

    [Fact]
    public void Snapshots_of_two_sources_are_compared_by_their_trees()
    {
        Write("same", "same");
        Write("mine", "mine");
        BackupResult one = _rig.Backup();
        string other = _rig.Keep(_rig.Source, "other");
        File.Delete(Path.Combine(other, "mine"));
        BackupResult two = _rig.Backup(other);
        using Repository repository = _rig.Open();
        Assert.Equal(["Gone mine"], Told(repository.Compare(Info(repository, one), Info(repository, two))));
    }

    private static SnapshotInfo Info(Repository repository, BackupResult result) => repository.FindSnapshot(result.Name.ToString());

    private static string[] Told(IReadOnlyList<Difference> differences) => [.. differences.Select(static d =>
        $"{d.Change} {Text(d.Path)}" + (d.MovedFrom is { } from ? $" from {Text(from)}" : "") + (d.Properties == 0 ? "" : $": {d.Properties}"))];

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

    /// <summary>As the program tells them; by trees it is the same.</summary>
    private string[] Differences(int before, int after, string? path = null)
    {
        using Repository repository = _rig.Open();
        IReadOnlyList<SnapshotInfo> all = repository.Snapshots();
        byte[]? below = path is null ? null : Encoding.UTF8.GetBytes(path);
        string[] told = Told(repository.Compare(all[before], all[after], below, TestContext.Current.CancellationToken));
        var trees = new DifferenceList();
        SnapshotComparison.FindInTrees(repository.MetaChunks.Read, all[before], all[after], trees, default);
        Assert.Equal(told, Told(trees.Result(below)));
        return told;
    }
}
