using System.Text;
using Varve.Model;
using Varve.Platform;
using Varve.Restore;
using Varve.Restore.Target;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Vaults;
using Varve.Tests.Platform;
using Varve.Vault;
using static Varve.Tests.Kit.Trees.ZooPosix;

namespace Varve.Tests.Restore;

/// <summary>
/// A restore that is cut off leaves no file that looks whole and is not, and the same restore again completes the target, writing what is
/// missing and leaving what is not its own. Here it is cut off after a block, by an exception of a worker.
/// </summary>
public sealed class InterruptedRestoreTests : IDisposable
{
    private readonly Rig _rig = new();

    public InterruptedRestoreTests()
    {
        Directory.CreateDirectory(At(_rig.Source, "directory/inner"));
        for (int i = 0; i < 200; i++) { Write(_rig.Source, $"directory/f{i}", Desk.Bytes(i, 30_000)); }
        for (int i = 0; i < 20; i++) { Write(_rig.Source, $"directory/inner/large{i}", Desk.Bytes(1000 + i, 2_000_000)); }
        using (FileStream sparse = File.Create(At(_rig.Source, "sparse"))) { sparse.SetLength(5 << 20); }
        Link(Path(_rig.Source, "directory/f0"), Path(_rig.Source, "directory/inner/linked"));
        Symlink("directory/f1"u8.ToArray(), Path(_rig.Source, "symlink"));
        foreach (string path in Directory.EnumerateFileSystemEntries(_rig.Source, "*", SearchOption.AllDirectories).Append(_rig.Source))
        {
            SetTime(Path(path), 1_600_000_000, 7);
        }

        Chmod(Path(_rig.Source, "directory/inner"), 0x16D);
        SetTime(Path(_rig.Source), 1_600_000_000, 7);
        _rig.Backup();
    }

    private string TargetPath => _rig["target"];

    public void Dispose()
    {
        Chmod(Path(_rig.Source, "directory/inner"), 0x1ED);
        _rig.Dispose();
    }

    [Fact]
    public void The_same_restore_again_completes_the_target_and_writes_only_what_is_missing()
    {
        CutOff();
        string mark = Mark();
        Assert.StartsWith("a restore that is not complete: the same command goes on with it\nsnapshot ", File.ReadAllText(mark),
            StringComparison.Ordinal);
        RequireNothingHalf();
        RestoreResult result = Restore();
        Assert.Empty(result.Failures);
        Assert.InRange(result.Kept, 1, 220);
        Assert.Equal(222, result.Files);
        Assert.Empty(TreeCompare.Compare(_rig.Source, TargetPath));
        Assert.False(File.Exists(mark));
    }

    [Fact]
    public void It_may_be_cut_off_again_and_again()
    {
        for (int i = 0; i < 3; i++) { CutOff(i); }
        Assert.Empty(Restore().Failures);
        Assert.Empty(TreeCompare.Compare(_rig.Source, TargetPath));
    }

    [Fact]
    public void A_file_that_was_cut_short_is_replaced_and_one_that_was_put_there_later_stays()
    {
        CutOff();
        string[] ours = [.. Directory.EnumerateFiles(TargetPath, "f*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        Assert.True(ours.Length > 3);

        // As a run leaves them that was killed: of the right size or not, and with the time of their making.
        Reopen();
        File.WriteAllBytes(ours[0], new byte[30_000]);
        File.WriteAllBytes(ours[1], [1]);
        RestoreResult result = Restore();
        Assert.Empty(result.Failures);
        Assert.Empty(TreeCompare.Compare(_rig.Source, TargetPath));

        // Once more, with a file of somebody else in a place that is still empty.
        Programs.Run("rm", "-rf", TargetPath);
        CutOff();
        string missing = Enumerable.Range(0, 200).Select(i => At(TargetPath, $"directory/f{i}")).First(p => !File.Exists(p));
        File.WriteAllText(missing, "mine");
        result = Restore();
        Failure failure = Assert.Single(result.Failures);
        Assert.Equal(Errno.EEXIST, failure.Errno);
        Assert.Equal("mine", File.ReadAllText(missing));
    }

    [Fact]
    public void What_was_in_the_target_before_stays_whatever_the_snapshot_has()
    {
        Directory.CreateDirectory(At(TargetPath, "directory"));
        Write(TargetPath, "directory/f7", "mine"u8.ToArray());
        Write(TargetPath, "other", "other"u8.ToArray());
        FileClock.Settle(); // what was born in one tick with the mark is taken for ours (EarlierRuns)
        CutOff(with: static o => o with { Overwrite = true });
        RestoreResult result = Restore(static o => o with { Overwrite = true });
        Assert.Equal(["directory/f7"], result.Failures.Select(static f => PathText.Of(f.Path)));
        Assert.Equal("mine", File.ReadAllText(At(TargetPath, "directory/f7")));
        Assert.Equal("other", File.ReadAllText(At(TargetPath, "other")));
        File.Delete(At(TargetPath, "other"));
        Write(TargetPath, "directory/f7", File.ReadAllBytes(At(_rig.Source, "directory/f7")));
        Assert.DoesNotContain(TreeCompare.Compare(_rig.Source, TargetPath), static x => x.Contains("missing", StringComparison.Ordinal)
            || x.Contains("content", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("boot")]
    [InlineData("mount")]
    public void What_a_lost_page_cache_may_have_taken_is_written_again(string what)
    {
        CutOff();
        string text = File.ReadAllText(Mark());
        string boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
        Assert.Contains(boot, text, StringComparison.Ordinal);
        text = what == "boot" ? text.Replace(boot, boot[..^1] + "-", StringComparison.Ordinal)
            : text.Replace(boot + " 0", boot + " f", StringComparison.Ordinal);
        File.WriteAllText(Mark(), text);
        RestoreResult result = Restore();
        Assert.Empty(result.Failures);
        Assert.Equal(result.Others, result.Kept);
        Assert.Empty(TreeCompare.Compare(_rig.Source, TargetPath));
    }

    [Fact]
    public void Another_restore_is_told_what_the_target_holds()
    {
        CutOff();
        VarveException e = Rig.Throws(ErrorKind.Usage, () => Restore(static o => o with { Includes = ["sparse"] }));
        Assert.Equal(Advice.FinishRestore, e.Advice);
        Assert.Contains($"is not empty: another restore into it was cut off, of snapshot {_rig.Snapshots()[^1].Name}", e.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Two_restores_of_the_same_into_one_target_keep_out_of_each_others_way()
    {
        bool tried = false;
        Gate.Visit(point =>
        {
            if (point != Gate.BlockWritten || tried) { return; }
            tried = true;
            Gate.Visit(null);
            Rig.Throws(ErrorKind.Busy, () => Restore());
        });
        try { Assert.Empty(Restore().Failures); }
        finally { Gate.Visit(null); }
        Assert.True(tried);
        Assert.Empty(TreeCompare.Compare(_rig.Source, TargetPath));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_large_file_has_its_name_only_when_it_is_whole(bool withoutUnnamedFiles)
    {
        string[] seen = [];
        using (new SystemCallWatch((c, _, name) => withoutUnnamedFiles && c == SystemCall.Create && name.SequenceEqual("."u8)
            ? Errno.ENOTSUP : 0))
        {
            CutOff(look: () =>
                seen = [.. Directory.EnumerateFiles(At(TargetPath, "directory/inner"), "*").Select(System.IO.Path.GetFileName)!]);
        }

        RequireNothingHalf();
        Assert.Equal(withoutUnnamedFiles, seen.Any(static n => n.StartsWith(".varve-", StringComparison.Ordinal)));
        Assert.Empty(Directory.EnumerateFiles(At(TargetPath, "directory/inner"), ".varve-*"));
        Assert.Empty(Restore().Failures);
        Assert.Empty(TreeCompare.Compare(_rig.Source, TargetPath));
    }

    [Fact]
    public void What_bore_a_temporary_name_when_the_process_was_killed_is_replaced()
    {
        using var watch = new SystemCallWatch((c, _, name) => c == SystemCall.Create && name.SequenceEqual("."u8) ? Errno.ENOTSUP : 0);
        string[] left = [];
        CutOff(look: () => left = [.. Directory.EnumerateFiles(At(TargetPath, "directory/inner"), ".varve-*")]);
        foreach (string path in left) { File.WriteAllBytes(path, [1, 2, 3]); }
        Assert.NotEmpty(left);
        Reopen();
        Assert.Empty(Restore().Failures);
        Assert.Empty(TreeCompare.Compare(_rig.Source, TargetPath));
    }

    [Fact]
    public void The_end_is_one_sync_of_the_file_system_before_the_mark_goes()
    {
        var calls = new List<(SystemCall Call, string Name)>();
        using (new SystemCallWatch((c, _, name) =>
        {
            lock (calls) { calls.Add((c, Encoding.UTF8.GetString(name))); }
            return 0;
        }))
        {
            Assert.Empty(Restore().Failures);
        }

        int sync = calls.FindIndex(static c => c.Call == SystemCall.Sync);
        Assert.Equal(sync, calls.FindLastIndex(static c => c.Call == SystemCall.Sync));
        int gone = calls.FindIndex(static c => c.Call == SystemCall.Unlink && c.Name.StartsWith(".varve-restore-", StringComparison.Ordinal));
        Assert.InRange(sync, 1, gone);
        Assert.True(calls.FindLastIndex(static c => c.Call is SystemCall.Write or SystemCall.Create or SystemCall.Link) < sync);
    }

    [Fact]
    public void Content_that_cannot_be_made_durable_is_written_again()
    {
        using (new SystemCallWatch(static (c, _, _) => c == SystemCall.Sync ? Errno.EIO : 0))
        {
            VarveException e = Rig.Throws(ErrorKind.Storage, () => Restore());
            Assert.Contains("cannot be made durable", e.Message, StringComparison.Ordinal);
        }

        RestoreResult result = Restore();
        Assert.Empty(result.Failures);
        Assert.Equal(result.Others, result.Kept);
        Assert.Empty(TreeCompare.Compare(_rig.Source, TargetPath));
    }

    [Theory]
    [InlineData("other's")]
    [InlineData("symlink")]
    [InlineData("fifo")]
    [InlineData("writable")]
    [InlineData("nonsense")]
    public void A_mark_that_somebody_else_may_have_made_is_no_mark(string kind)
    {
        Assert.SkipUnless(AsUser.IsRoot, "needs root");
        CutOff();
        string mark = Mark();
        string text = File.ReadAllText(mark);
        if (kind is "symlink" or "fifo") { File.Delete(mark); }
        if (kind == "symlink")
        {
            File.WriteAllText(_rig["elsewhere"], text);
            Symlink(Path(_rig["elsewhere"]), Path(mark));
        }

        if (kind == "fifo") { MakeNode(Path(mark), 0x1180, 0, 0); }
        if (kind == "other's") { Chown(Path(mark), 4321, 4321); }
        if (kind == "writable") { Chmod(Path(mark), 0x1B6); }
        if (kind == "nonsense") { File.WriteAllText(mark, "nonsense"); }
        VarveException e = Rig.Throws(ErrorKind.Usage, () => Restore());
        Assert.Contains(System.IO.Path.GetFileName(mark), e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_target_is_completed_once_there_is_room()
    {
        Assert.SkipUnless(AsUser.IsRoot, "mounting needs root");
        using var disk = new Kit.Disks.SmallDisk(20_000);
        VarveException e = Rig.Throws(ErrorKind.Storage, () => Restore(o => o with { Target = Encoding.UTF8.GetBytes(disk["target"]) }));
        Assert.Equal(Advice.FreeTarget, e.Advice);
        disk.Resize(200_000);
        RestoreResult result = Restore(o => o with { Target = Encoding.UTF8.GetBytes(disk["target"]) });
        Assert.Empty(result.Failures);
        Assert.InRange(result.Kept, 1, 222);
        Assert.Empty(TreeCompare.Compare(_rig.Source, disk["target"]));
    }

    private static string At(string root, string name) => System.IO.Path.Combine(root, name);

    private static void Write(string root, string name, byte[] content) => File.WriteAllBytes(At(root, name), content);

    private string Mark() => Assert.Single(Directory.EnumerateFiles(TargetPath, ".varve-restore-*"));

    /// <summary>Makes the mark say that the last run never came to say that it was cut off, as if it had been killed.</summary>
    private void Reopen()
    {
        string text = File.ReadAllText(Mark());
        int end = text.LastIndexOf("end ", StringComparison.Ordinal);
        File.WriteAllText(Mark(), text[..end] + "end 00000000000000000000 000000000\n");
    }

    private void RequireNothingHalf()
    {
        foreach (string path in Directory.EnumerateFiles(TargetPath, "*", SearchOption.AllDirectories))
        {
            if (path.Contains("/.varve-restore-", StringComparison.Ordinal) || new FileInfo(path).LinkTarget is not null) { continue; }
            string original = At(_rig.Source, System.IO.Path.GetRelativePath(TargetPath, path));
            Assert.True(File.ReadAllBytes(original).AsSpan().SequenceEqual(File.ReadAllBytes(path)), path);
        }
    }

    private RestoreResult Restore(Func<RestoreOptions, RestoreOptions>? with = null, RestoreMonitor? monitor = null) => Within.Run(() =>
    {
        using Repository repository = _rig.Open();
        var options = new RestoreOptions
        {
            Snapshot = repository.FindSnapshot("latest"), Target = Encoding.UTF8.GetBytes(TargetPath), Workers = 1,
        };
        return RestoreRunner.Run(repository, with is null ? options : with(options), monitor ?? new RestoreMonitor(), default);
    });

    /// <summary>Cut off when there are so many small files; at least a block of others is missing then.</summary>
    private void CutOff(int least = 5, Func<RestoreOptions, RestoreOptions>? with = null, Action? look = null)
    {
        string target = TargetPath;
        var monitor = new RestoreMonitor();
        Gate.Visit(point =>
        {
            if (point != Gate.BlockWritten || Directory.EnumerateFiles(At(target, "directory"), "f*").Count() < least) { return; }
            look?.Invoke();
            throw new OperationCanceledException();
        });
        try { Assert.Throws<OperationCanceledException>(() => Restore(with, monitor)); }
        finally { Gate.Visit(null); }
        Assert.True(monitor.TargetIsIncomplete);
    }
}
