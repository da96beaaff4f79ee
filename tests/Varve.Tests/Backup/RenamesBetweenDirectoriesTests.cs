using System.Text;
using Varve.Backup;
using Varve.Backup.Sources;
using Varve.Model;
using Varve.Platform;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Disks;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Vaults;
using Varve.Tests.Platform;
using Varve.Vault;

namespace Varve.Tests.Backup;

/// <summary>
/// Moves from one directory into another while a backup runs: what was in the source all the time is in the snapshot, under one name or
/// another, or the directories are named. Directory "unlisted" is opened when "listed" has been listed, and something is done in between.
/// </summary>
public sealed class RenamesBetweenDirectoriesTests : VaultTest
{
    private readonly ManualResetEventSlim _mailRead = new();
    private readonly ThreadLocal<bool> _opensMail = new();
    private int _walks;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_file_that_moves_into_a_directory_that_was_listed_before_the_one_it_was_in_is_in_the_snapshot(int backupsBefore)
    {
        Arrange();
        Write("unlisted/mail", "content");
        for (int i = 0; i < backupsBefore; i++) { BackUpAtRest(); }
        BackupResult result = BackupWhile(() => Move("unlisted/mail", "listed/mail"));
        Assert.Equal(0, result.FailureCount);
        Assert.Equal(["listed/mail content", "listed/mark mark", "unlisted/mark2 mark"], Restored(result));
        Assert.Equal((3, backupsBefore == 0 ? 3 : 1, backupsBefore == 0 ? 0 : 1),
            (result.Snapshot.Counts.Files, result.Snapshot.Counts.New, result.Snapshot.Counts.Gone));
        Settled();
    }

    [Fact]
    public void A_file_that_moves_into_a_directory_that_is_deep_in_what_did_not_change_is_in_the_snapshot()
    {
        Arrange("a/b/listed");
        Write("a/b/c/still", "still");
        Write("unlisted/mail", "content");
        BackUpAtRest();
        BackupResult result = BackupWhile(() => Move("unlisted/mail", "a/b/listed/mail"));
        Assert.Equal(0, result.FailureCount);
        Assert.Equal(["a/b/c/still still", "a/b/listed/mail content", "a/b/listed/mark mark", "unlisted/mark2 mark"], Restored(result));
        Assert.Equal(4, result.Snapshot.Counts.Files);
        Settled();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_directory_that_moves_there_is_in_the_snapshot_with_all_below(bool isKnown)
    {
        Arrange();
        Write("unlisted/tree/sub/file", "deep");
        Write("unlisted/tree/file", "content");
        if (isKnown) { BackUpAtRest(); }
        BackupResult result = BackupWhile(() => Directory.Move(At("unlisted/tree"), At("listed/tree")));
        Assert.Equal(0, result.FailureCount);
        Assert.Equal(["listed/mark mark", "listed/tree/file content", "listed/tree/sub/file deep", "unlisted/mark2 mark"],
            Restored(result));
        Assert.Equal(4, result.Snapshot.Counts.Files);
        Settled();
    }

    [Fact]
    public void A_file_that_is_linked_there_and_unlinked_where_it_was_is_in_the_snapshot()
    {
        Arrange();
        Write("unlisted/mail", "content");
        BackupResult result = BackupWhile(() =>
        {
            Programs.Run("ln", At("unlisted/mail"), At("listed/mail"));
            File.Delete(At("unlisted/mail"));
        });
        Assert.Equal(0, result.FailureCount);
        Assert.Contains("listed/mail content", Restored(result));
        Settled();
    }

    [Fact]
    public void A_file_that_moves_on_whenever_it_is_looked_for_is_found_in_the_end()
    {
        Arrange();
        foreach (string way in (string[])["1", "2", "3"]) { Write(way + "/other", way); }
        Write("unlisted/mail", "content");
        BackupResult result = BackupWhile(() => Move("unlisted/mail", "listed/mail"), walked: walk =>
        {
            if (walk == 1) { Move("listed/mail", "1/mail"); }
            else if (walk < 4) { Move($"{walk - 1}/mail", $"{walk}/mail"); }
        });
        Assert.Equal(0, result.FailureCount);
        Assert.Contains("content", Restored(result).Select(static f => f.Split(' ')[1]));
        _vault.Check();
        Same();
        Settled();
    }

    [Fact]
    public void A_file_that_is_in_no_listing_however_often_has_its_directories_named_and_the_run_ends()
    {
        Arrange();
        Write("other", "other");
        Write("unlisted/mail", "content");
        BackupResult result = BackupWhile(() => Move("unlisted/mail", "listed/mail"), opened: (name, isFirst) =>
        {
            if (isFirst) { return; }
            string there = name == "listed" ? "unlisted" : "listed";
            if (File.Exists(At($"{name}/mail"))) { Move($"{name}/mail", $"{there}/mail"); }
        });
        Assert.NotEqual(0, result.FailureCount);
        Assert.True(result.Snapshot.HasFailures);
        Assert.All(result.Failures, static f => Assert.Equal(FailedOperation.Changed, f.Operation));
        Assert.All(result.Failures, static f => Assert.Contains(Encoding.UTF8.GetString(f.Path), (string[])["listed", "unlisted"]));
        Assert.Contains(result.Notes, static n => n.What.StartsWith("was renamed in each time it was listed", StringComparison.Ordinal));
        Assert.Equal(9, _walks);
        Assert.Contains("other other", Restored(result));
        _vault.Check();
        Same();
        Assert.Contains("content", Restored(_vault.Backup(_source)).Select(static f => f.Split(' ')[1]));
    }

    [Fact]
    public void A_file_that_is_listed_and_moves_before_it_is_read_is_in_the_snapshot()
    {
        Arrange();
        Write("unlisted/mail", "content");
        using var listed = new ManualResetEventSlim();
        int done = 0;
        using (new SystemCallWatch((call, _, name) =>
        {
            if (call == SystemCall.Stat && name.SequenceEqual("mark"u8)) { listed.Set(); }
            if (call == SystemCall.Open && name.SequenceEqual("mail"u8) && Interlocked.Exchange(ref done, 1) == 0)
            {
                Assert.True(listed.Wait(Within.Limit));
                Move("unlisted/mail", "listed/mail");
            }
            return 0;
        }))
        {
            BackupResult result = _vault.Backup(_source);
            Assert.Equal(0, result.FailureCount);
            Assert.Contains("listed/mail content", Restored(result));
        }

        Settled();
    }

    [Fact]
    public void A_file_that_moves_after_it_was_read_is_in_the_snapshot_in_both_places_if_both_are_looked_at_again()
    {
        Arrange();
        Write("unlisted/mail", "content");
        BackupResult result = BackupWhile(() => Write("unlisted/new", "new"), walked: walk =>
        {
            if (walk != 1) { return; }
            Assert.True(_mailRead.Wait(Within.Limit)); // in whichever batch it is
            Move("unlisted/mail", "listed/mail");
        });
        Assert.Equal(0, result.FailureCount);
        Assert.Equal(["listed/mail content", "listed/mark mark", "unlisted/mail content", "unlisted/mark2 mark", "unlisted/new new"],
            Restored(result));
        Assert.Equal(5, result.Snapshot.Counts.Files);
        _vault.Check();
        Same();
        Assert.Equal(1, _vault.Backup(_source).Snapshot.Counts.Gone);
        Settled();
    }

    [Fact]
    public void A_directory_that_moves_after_it_was_read_is_in_the_snapshot_with_all_below()
    {
        Arrange();
        Write("unlisted/tree/sub/file", "deep");
        BackUpAtRest();
        BackupResult result = BackupWhile(() => Write("unlisted/new", "new"), walked: walk =>
        {
            if (walk == 1) { Directory.Move(At("unlisted/tree"), At("listed/tree")); }
        });
        Assert.Equal(0, result.FailureCount);
        Assert.Contains("listed/tree/sub/file deep", Restored(result));
        Assert.Equal(Restored(result).Length, result.Snapshot.Counts.Files);
        _vault.Check();
        Same();
        Settled();
    }

    [Fact]
    public void A_name_that_is_excluded_stays_out_wherever_it_moves()
    {
        Arrange();
        Write("unlisted/mail", "content");
        Write("unlisted/mail.tmp", "not wanted");
        BackupResult result = BackupWhile(() =>
        {
            Move("unlisted/mail", "listed/mail");
            Move("unlisted/mail.tmp", "listed/other.tmp");
        }, with: static o => o with { Excludes = ["*.tmp"] });
        Assert.Equal(0, result.FailureCount);
        Assert.Equal(["listed/mail content", "listed/mark mark", "unlisted/mark2 mark"], Restored(result));
    }

    [Fact]
    [Trait("Needs", "root")]
    public void What_is_mounted_in_a_directory_that_is_listed_again_is_not_entered_if_that_is_not_wanted()
    {
        Arrange();
        Directory.CreateDirectory(At("listed/other"));
        using var mount = new LoopMount("tmpfs", At("listed/other"));
        Write("listed/other/far", "far");
        Write("unlisted/mail", "content");
        BackupResult result = BackupWhile(() => Move("unlisted/mail", "listed/mail"), with: static o => o with { OneFileSystem = true });
        Assert.Equal(0, result.FailureCount);
        Assert.Equal(["listed/mail content", "listed/mark mark", "unlisted/mark2 mark"], Restored(result));
        Settled(static o => o with { OneFileSystem = true });
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_file_that_moves_from_one_of_several_roots_to_another_is_in_the_snapshot(bool isMergedFrom, bool isMergedInto)
    {
        // What several roots have is put together, the last name first; what lies in one alone is walked before that.
        string other = System.IO.Path.Combine(_d.Path, "other"), into = isMergedInto ? "zlisted" : "listed";
        Write(into + "/mark", "mark");
        Directory.CreateDirectory(other + "/unlisted");
        File.WriteAllText(other + "/unlisted/mail", "content");
        if (isMergedFrom) { Directory.CreateDirectory(At("unlisted")); }
        if (isMergedInto) { Directory.CreateDirectory(System.IO.Path.Combine(other, into)); }
        BackupResult result = BackupWhile(() => File.Move(other + "/unlisted/mail", At(into + "/mail")), with: o => o with
        {
            CanonicalRoot = o.RootPath,
            RootAs = o.RootPath,
            FurtherRoots = [new RootMapping(Encoding.UTF8.GetBytes(other), o.RootPath)],
        });
        Assert.Equal(0, result.FailureCount);
        Assert.Equal([into + "/mail content", into + "/mark mark"], Restored(result));
        Assert.Equal(2, result.Snapshot.Counts.Files);
        _vault.Check();
        Same();
    }

    [Fact]
    public void A_run_that_is_stopped_before_it_looked_again_is_carried_on_and_the_file_is_in_the_snapshot()
    {
        Arrange();
        Write("unlisted/mail", "content");
        BackUpAtRest();
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => BackupWhile(() => Move("unlisted/mail", "listed/mail"), walked: walk =>
        {
            if (walk == 2) { stop.Cancel(); }
        }, cancel: stop.Token));
        BackupResult result = _vault.Backup(_source);
        Assert.True(result.Resumed);
        Assert.Equal(["listed/mail content", "listed/mark mark", "unlisted/mark2 mark"], Restored(result));
        Settled();
    }

    [Fact]
    public void What_cannot_be_read_is_one_failure_however_often_its_directory_is_listed()
    {
        Arrange();
        Write("listed/odd", "odd");
        Write("unlisted/mail", "content");
        BackupResult result = BackupWhile(() => Move("unlisted/mail", "listed/mail"),
            fails: static (call, name) => call == SystemCall.Open && name.SequenceEqual("odd"u8) ? Errno.EIO : 0);
        Assert.Equal("listed/odd", Encoding.UTF8.GetString(Assert.Single(result.Failures).Path));
        Assert.Equal(1, result.FailureCount);
        Assert.Contains("listed/mail content", Restored(result));
        Same();
        Settled();
    }

    [Fact]
    public void Where_nothing_changes_nothing_is_looked_at_twice()
    {
        Arrange();
        FileClock.Settle();
        int looks = 0;
        BackupWhile(static () => { }, fails: (call, name) =>
        {
            if (call == SystemCall.Stat && name.SequenceEqual("listed"u8)) { looks++; }
            return 0;
        });
        Assert.Equal((1, 1), (_walks, looks));
    }

    [Fact]
    public void Where_stamps_have_ticks_a_directory_that_had_just_changed_is_listed_once_more_when_the_tick_is_over()
    {
        Arrange();
        BackUpAtRest();
        // A file system that is not known to give each change a stamp of its own: nobody can find out.
        static int Fails(SystemCall call, ReadOnlySpan<byte> name) => call == SystemCall.SetMode ? Errno.EPERM : 0;
        BackupResult result = BackupWhile(() => Write("unlisted/new", "new"), fails: Fails);
        Assert.Equal(0, result.FailureCount);
        Assert.Equal(2, _walks);
        FileClock.Settle();
        BackupWhile(static () => { }, fails: Fails);
        Assert.Equal(3, _walks);
        Settled();
    }

    private delegate int Failing(SystemCall call, ReadOnlySpan<byte> name);

    /// <summary>Two directories, of which the names are seen as they are listed.</summary>
    private void Arrange(string listed = "listed")
    {
        Write(listed + "/mark", "mark");
        Write("unlisted/mark2", "mark");
    }

    /// <summary>A backup during which something is done when "listed" has been listed and "unlisted" has not.</summary>
    /// <param name="action">It.</param>
    /// <param name="walked">Called with the number of each walk that is over, before anything is looked for.</param>
    /// <param name="opened">Called just before one of the two is opened, and whether it is for the first time.</param>
    /// <param name="fails">Makes calls fail.</param>
    /// <param name="with">Options.</param>
    /// <param name="cancel">Stops it.</param>
    private BackupResult BackupWhile(Action action, Action<int>? walked = null, Action<string, bool>? opened = null,
        Failing? fails = null, Func<BackupOptions, BackupOptions>? with = null, CancellationToken cancel = default)
    {
        using var listed = new ManualResetEventSlim();
        int done = 0, before = _walks, listings = 0;
        using var watch = new SystemCallWatch((call, _, name) =>
        {
            if (call == SystemCall.Open && name.SequenceEqual("mail"u8)) { _opensMail.Value = true; }
            if (call == SystemCall.Stat && name.SequenceEqual("mark"u8)) { listed.Set(); }
            if (call == SystemCall.Open && name.SequenceEqual("listed"u8)) { opened?.Invoke("listed", listings++ == 0); }
            if (call == SystemCall.Open && name.SequenceEqual("unlisted"u8))
            {
                bool isFirst = Interlocked.Exchange(ref done, 1) == 0;
                opened?.Invoke("unlisted", isFirst);
                if (isFirst)
                {
                    Assert.True(listed.Wait(Within.Limit));
                    action();
                }
            }

            return fails?.Invoke(call, name) ?? 0;
        });
        Gate.Visit(point =>
        {
            if (point == Gate.BatchRead && _opensMail.Value) { _mailRead.Set(); }
            if (point != Gate.Walked) { return; }
            _walks++;
            walked?.Invoke(_walks - before);
        });
        try { return _vault.Backup(_source, with, cancel: cancel); }
        finally { Gate.Visit(null); }
    }

    private void BackUpAtRest()
    {
        FileClock.Settle();
        _vault.BackupAll(_source);
        FileClock.Settle();
    }

    /// <summary>What the catalog has is what the repository has, and what the source has: backups after it find nothing.</summary>
    private void Settled(Func<BackupOptions, BackupOptions>? with = null)
    {
        FileClock.Settle();
        _vault.Backup(_source, with);
        SnapshotCounts counts = _vault.Backup(_source, with).Snapshot.Counts;
        Assert.Equal((0, 0, 0, 0), (counts.New, counts.Changed, counts.MetadataOnly, counts.Gone));
        _vault.Check();
        Same();
    }

    private string[] Restored(BackupResult result)
    {
        string target = System.IO.Path.Combine(_d.Path, "restored-" + Guid.NewGuid().ToString("N"));
        _vault.Restore(target, result.Name);
        return [.. Directory.EnumerateFiles(target, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(f => $"{System.IO.Path.GetRelativePath(target, f)} {File.ReadAllText(f)}")];
    }

    private void Move(string from, string to) => File.Move(At(from), At(to));

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), text);
    }
}
