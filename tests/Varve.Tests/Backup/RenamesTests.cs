using System.Text;
using Varve.Backup.Sources;
using Varve.Model;
using Varve.Platform;
using Varve.Tests.Kit.Vaults;
using Varve.Tests.Platform;

namespace Varve.Tests.Backup;

/// <summary>
/// Renames while a directory is read: what was there all the time is in the snapshot, under one name or another, or the directory is named.
/// </summary>
public sealed class RenamesTests : IDisposable
{
    private readonly Rig _rig = new();
    private int _times;

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_log_that_is_rotated_after_it_was_listed_is_in_the_snapshot(bool hasStat)
    {
        Write("logs/app.log", "old lines");
        Write("logs/other", "other");
        BackupResult result = BackupWhile(hasStat ? SystemCall.Open : SystemCall.Stat, "app.log", Rotate);
        Assert.Equal(0, result.FailureCount);
        Assert.Equal(["logs/app.log new 1", "logs/app.log.1 old lines", "logs/other other"], Restored(result));
        Settled();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_that_gets_another_name_while_its_directory_is_read_is_in_the_snapshot(bool hasStat)
    {
        Write("d/a", "content");
        BackupResult result = BackupWhile(hasStat ? SystemCall.Open : SystemCall.Stat, "a", () => File.Move(In("d/a"), In("d/b")));
        Assert.Equal(0, result.FailureCount);
        Assert.Equal(["d/b content"], Restored(result));
        Settled();
    }

    [Fact]
    public void A_directory_that_gets_another_name_before_it_is_entered_is_in_the_snapshot_with_all_below()
    {
        Write("a/sub/file", "content");
        Write("plain", "plain");
        BackupResult result = BackupWhile(SystemCall.Open, "a", () => Directory.Move(In("a"), In("b")));
        Assert.Equal(0, result.FailureCount);
        Assert.Equal(["b/sub/file content", "plain plain"], Restored(result));
        Settled();
    }

    [Fact]
    public void Directories_that_take_each_others_names_before_they_are_entered_are_both_in_the_snapshot()
    {
        Write("one/file", "of one");
        Write("two/file", "of two");
        BackupResult result = BackupWhile(SystemCall.Open, "one", () =>
        {
            Directory.Move(In("one"), In("three"));
            Directory.Move(In("two"), In("one"));
        });
        Assert.Equal(0, result.FailureCount);
        Assert.Equal(["one/file of two", "three/file of one"], Restored(result));
        Settled();
    }

    [Fact]
    public void A_directory_above_that_gets_another_name_meanwhile_loses_nothing()
    {
        for (int i = 0; i < 3; i++) { Write($"a/sub{i}/file", $"content {i}"); }
        BackupResult result = BackupWhile(SystemCall.Open, "file", () => Directory.Move(In("a"), In("b")));
        Assert.Equal(0, result.FailureCount);
        string[] restored = Restored(result);
        for (int i = 0; i < 3; i++) { Assert.Contains(restored, r => r.EndsWith($"/sub{i}/file content {i}", StringComparison.Ordinal)); }
    }

    [Fact]
    public void A_file_that_is_removed_after_it_was_listed_is_no_failure()
    {
        Write("d/a", "a");
        Write("d/b", "b");
        BackupResult result = BackupWhile(SystemCall.Open, "a", () => File.Delete(In("d/a")));
        Assert.Equal(0, result.FailureCount);
        Assert.Equal(["d/b b"], Restored(result));
        Settled();
    }

    [Fact]
    public void A_file_that_is_replaced_by_a_new_one_each_time_costs_no_further_look_since_the_old_one_is_gone()
    {
        Write("d/a", "0");
        BackupResult result = BackupWhile(SystemCall.Open, "a", () =>
        {
            Write("d/.new", "1");
            File.Move(In("d/.new"), In("d/a"), overwrite: true);
        });
        Assert.Equal(0, result.FailureCount);
        Assert.Equal(["d/a 1"], Restored(result));
    }

    [Fact]
    public void Where_names_change_each_time_they_are_read_the_directory_is_named_and_the_run_ends()
    {
        Write("logs/app.log", "old lines");
        Write("other", "other");
        BackupResult result = BackupWhile(SystemCall.Open, "app.log", Rotate, always: true);
        Failure failure = Assert.Single(result.Failures);
        Assert.Equal(("logs", FailedOperation.Changed), (Encoding.UTF8.GetString(failure.Path), failure.Operation));
        Assert.Contains(result.Notes, static n =>
            n.ToString().StartsWith("logs was renamed in each time it was listed", StringComparison.Ordinal));
        Assert.Contains("other other", Restored(result));
        Settled();
    }

    [Fact]
    public void A_rename_in_the_second_backup_takes_nothing_from_what_was_known()
    {
        Write("logs/app.log", "old lines");
        for (int i = 0; i < 20; i++) { Write($"logs/still{i:00}", "still"); }
        _rig.Backup();
        Write("logs/app.log", "more lines");
        BackupResult result = BackupWhile(SystemCall.Open, "app.log", Rotate);
        Assert.Equal(0, result.FailureCount);
        Assert.Equal(22, Restored(result).Length);
        Assert.Contains("logs/app.log.1 more lines", Restored(result));
        Settled();
    }

    [Fact]
    public void A_root_whose_only_name_never_rests_is_not_taken_for_an_empty_mount_point()
    {
        string root = In("restless");
        Directory.CreateDirectory(root);
        using var restless = new RestlessFile(root);
        using SourceRoot opened = SourceRoot.Open(Encoding.UTF8.GetBytes(root));
        opened.FileSystem(out bool isEmpty);
        Assert.False(isEmpty);
    }

    /// <summary>One that is there all the time goes from name to name.</summary>
    private void Rotate()
    {
        File.Delete(In("logs/app.log.2"));
        if (File.Exists(In("logs/app.log.1"))) { File.Move(In("logs/app.log.1"), In("logs/app.log.2")); }
        if (File.Exists(In("logs/app.log"))) { File.Move(In("logs/app.log"), In("logs/app.log.1")); }
        Write("logs/app.log", $"new {++_times}");
    }

    /// <summary>A backup during which, just before a call for that name, something is done: once, or each time.</summary>
    private BackupResult BackupWhile(SystemCall when, string name, Action action, bool always = false)
    {
        int done = 0;
        byte[] wanted = Encoding.UTF8.GetBytes(name);
        using var watch = new SystemCallWatch((call, _, at) =>
        {
            if (call != when || !at.SequenceEqual(wanted)) { return 0; }
            if (always || Interlocked.Exchange(ref done, 1) == 0) { action(); }
            return 0;
        });
        return _rig.Backup();
    }

    /// <summary>What the catalog has is what the repository has: the next backup finds nothing, and a check finds no damage.</summary>
    private void Settled()
    {
        _rig.Backup();
        SnapshotCounts counts = _rig.Backup().Snapshot.Counts;
        Assert.Equal((0, 0, 0), (counts.New, counts.Changed, counts.Gone));
        _rig.RequireClean("after it");
    }

    private string[] Restored(BackupResult result)
    {
        string target = _rig.Restore(result.Name, out _);
        return [.. Directory.EnumerateFiles(target, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(f => $"{Path.GetRelativePath(target, f)} {File.ReadAllText(f)}")];
    }

    private string In(string path) => Path.Combine(_rig.Source, path);

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(In(path))!);
        File.WriteAllText(In(path), text);
    }
}
