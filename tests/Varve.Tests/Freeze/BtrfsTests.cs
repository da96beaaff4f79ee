using System.Diagnostics;
using System.Text.Json;
using Varve.Platform;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Disks;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.Freeze;

/// <summary>Backups from snapshots of a real btrfs: by the program, as a user runs it, and killed as users kill it.</summary>
[Trait("Does", "race")]
[Trait("Needs", "root")]
[Trait("Takes", "minutes")]
public sealed class BtrfsTests : IDisposable
{
    private readonly LoopDisk _disk = new("btrfs", 400);
    private readonly Desk _desk = new();
    private readonly Gates _gates = new(Gate.Frozen, Gate.Interrupted);
    private readonly string _home;

    public BtrfsTests()
    {
        _home = Subvolume("@home");
        Directory.CreateDirectory(_home + "/docs");
        File.WriteAllText(_home + "/docs/letter", "Dear Charles");
    }

    public void Dispose()
    {
        _gates.Dispose();
        _desk.Dispose();
        _disk.Dispose();
    }

    [Fact]
    public void A_backup_from_a_snapshot_is_the_same_as_one_of_the_live_tree_and_leaves_nothing()
    {
        Subvolume("@home/docs/nested");
        Subvolume("@home/docs/nested/deep");
        File.WriteAllText(_home + "/docs/nested/deep/file", "nested");
        Subvolume("@home/docs/empty");
        string[] before = Subvolumes();
        foreach (string mounted in new[] { _home, _disk["home"] })
        {
            if (mounted != _home) { _disk.Mount(mounted, "subvol=@home"); }
            FileClock.SettleCoarse();
            _desk.Varve.Succeed("backup", mounted);
            JsonElement frozen = Backup("btrfs", mounted);
            Assert.True(frozen.GetProperty("nothingChanged").GetBoolean());
            Assert.Equal((0L, mounted, 0),
                (frozen.GetProperty("bytesRead").GetInt64(), frozen.GetProperty("canonicalRoot").GetString(),
                frozen.GetProperty("notes").GetArrayLength()));
            Assert.True(Backup("auto", mounted).GetProperty("nothingChanged").GetBoolean());
            Assert.True(_desk.Varve.Succeed("backup", "--json", mounted).Object.GetProperty("nothingChanged").GetBoolean());
            Assert.Equal(before, Subvolumes());
            Assert.Empty(Left());
        }

        _desk.Varve.Succeed("restore", "--source", "home", "--target", _desk["restored"]);
        Assert.Empty(TreeCompare.Compare(_home, _desk["restored"]));
        _desk.Varve.Succeed("check", "--read-data");
        Assert.Equal("current", _desk.Varve.Succeed("catalog", "status", "--json").Object.GetProperty("state").GetString());
    }

    [Fact]
    public void Nested_subvolumes_and_mounts_are_entered_or_left_empty_as_in_the_live_tree()
    {
        Subvolume("@home/nested");
        File.WriteAllText(_home + "/nested/file", "nested");
        Directory.CreateDirectory(_home + "/other/place");
        Programs.Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", _home + "/other/place");
        File.WriteAllText(_home + "/other/place/file", "on another file system");
        FileClock.SettleCoarse();
        _desk.Varve.Succeed("backup", _home);
        Assert.True(Backup("btrfs", _home).GetProperty("nothingChanged").GetBoolean());
        Assert.Equal(["docs", "docs/letter", "nested", "nested/file", "other", "other/place", "other/place/file"], Listed());
        Assert.Equal((0, 2), Counts(_desk.Varve.Succeed("backup", "--json", "-x", _home).Object));
        Assert.True(Backup("btrfs", _home, "-x").GetProperty("nothingChanged").GetBoolean());
        Assert.True(Backup("btrfs", _home, "-x").GetProperty("nothingChanged").GetBoolean());
        Assert.Equal(["docs", "docs/letter", "nested", "other", "other/place"], Listed());
        Assert.Equal((0, 0), Counts(Backup("btrfs", _home, "-x", "--exclude", _home + "/nested")));
        Assert.DoesNotContain("nested", Listed());
        // What a mount hides is not there.
        Programs.Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", _home + "/nested");
        Backup("btrfs", _home);
        Assert.DoesNotContain("nested/file", Listed());
        Assert.Empty(Left());

        static (int New, int Gone) Counts(JsonElement json) => (json.GetProperty("new").GetInt32(), json.GetProperty("gone").GetInt32());
    }

    [Fact]
    public void The_top_level_subvolume_a_directory_and_a_file_can_be_the_source()
    {
        FileClock.SettleCoarse();
        Assert.Equal(1, Backup("btrfs", _disk.Root).GetProperty("files").GetInt32());
        Assert.Equal(["@home", "@home/docs", "@home/docs/letter"], Listed());
        Backup("btrfs", _home + "/docs");
        Assert.True(_desk.Varve.Succeed("backup", "--json", _home + "/docs").Object.GetProperty("nothingChanged").GetBoolean());
        Backup("btrfs", _home + "/docs/letter");
        Assert.True(_desk.Varve.Succeed("backup", "--json", _home + "/docs/letter").Object.GetProperty("nothingChanged").GetBoolean());
        Assert.Empty(Left());
    }

    [Fact]
    public void The_repository_and_the_cache_in_the_source_are_left_out_of_the_snapshot_too()
    {
        // Its home, with repository and cache, lies in the source.
        Directory.CreateDirectory(_home + "/me");
        var varve = new VarveProcess(_home + "/me");
        string[] notes = Notes(varve.Succeed("backup", "--json", "--fs-snapshot", "btrfs", _home).Json[^1]);
        Assert.Contains(notes, static n => n.Contains(".local/share/varve/repository", StringComparison.Ordinal));
        Assert.Contains(notes, static n => n.Contains("this repository's cache", StringComparison.Ordinal));
        Assert.Contains(notes, static n => n.Contains("fs-snapshots", StringComparison.Ordinal));
        string list = varve.Succeed("ls", "-R").Text;
        Assert.Contains("me/.config/varve/key", list, StringComparison.Ordinal);
        Assert.DoesNotContain("packs", list, StringComparison.Ordinal);
        Assert.DoesNotContain("catalog.db", list, StringComparison.Ordinal);
    }

    [Fact]
    public void What_changes_after_the_snapshot_is_taken_is_stored_as_it_was()
    {
        byte[] large = new byte[8 << 20];
        new Random(5).NextBytes(large);
        File.WriteAllBytes(_home + "/0-large", large);
        File.WriteAllText(_home + "/docs/victim", "before");
        FileClock.SettleCoarse();
        using Process process = Frozen(_home);
        File.WriteAllText(_home + "/docs/letter", "after");
        File.Delete(_home + "/docs/victim");
        using (FileStream file = File.OpenWrite(_home + "/0-large")) { file.Write(new byte[1 << 20]); }
        _gates.Open(Gate.Frozen);
        VarveProcess.Finish(process).Expect(0);
        Assert.Equal("Dear Charles", _desk.Varve.Succeed("dump", "--source", "@home", "latest", "docs/letter").Text);
        Assert.Equal("before", _desk.Varve.Succeed("dump", "--source", "@home", "latest", "docs/victim").Text);
        Assert.Equal(large, _desk.Varve.Succeed("dump", "--source", "@home", "latest", "0-large").Output);
        // The next run sees what changed.
        JsonElement next = _desk.Varve.Succeed("backup", "--json", _home).Object;
        Assert.Equal((2, 1), (next.GetProperty("changed").GetInt32(), next.GetProperty("gone").GetInt32()));
        Assert.Empty(Left());
    }

    [Fact]
    public void After_a_kill_the_next_run_removes_the_snapshot_and_nobody_elses()
    {
        string foreign = Subvolume("varve-snapshot-1-0123abcd-0123456789abcdef"), similar = Subvolume("varve-snapshot-mine");
        using Process process = Frozen(_home);
        process.Kill();
        VarveProcess.Finish(process);
        Assert.Equal(5 - 1, Subvolumes().Length);
        Assert.NotEmpty(Left());

        // Any run, also one of another source that takes no snapshot.
        string[] notes = Notes(_desk.Varve.Succeed("backup", "--json", _desk.Source()).Json[^1]);
        Assert.Contains(notes, static n => n.Contains("which a backup that was killed had left", StringComparison.Ordinal));
        Assert.Equal(["@home", Path.GetFileName(foreign), Path.GetFileName(similar)], Subvolumes());
        Assert.Empty(Left());
        Assert.Empty(Notes(_desk.Varve.Succeed("backup", "--json", "--fs-snapshot", "btrfs", _home).Json[^1]));
        Assert.Empty(Left());
    }

    [Fact]
    public void After_a_crash_of_the_machine_the_next_run_removes_the_snapshot()
    {
        using Process process = Frozen(_home);
        process.Kill();
        VarveProcess.Finish(process);
        // A reboot: nothing is mounted any more.
        foreach (string place in Left().Where(Directory.Exists)) { Programs.Run("umount", place); }
        Assert.Equal(2, Subvolumes().Length);
        _desk.Varve.Succeed("backup", _home);
        Assert.Equal(["@home"], Subvolumes());
        Assert.Empty(Left());
    }

    [Fact]
    public void The_snapshot_of_a_running_backup_is_not_removed_by_another()
    {
        using Process process = Frozen(_home);
        // In another repository: the one that is held may hold the catalog.
        _desk.Varve.Succeed("init", "-r", _desk["other"], "--key-file", _desk["home/.config/varve/key"]);
        _desk.Varve.Succeed("backup", "-r", _desk["other"], _desk["home/.config"]);
        Assert.Equal(2, Subvolumes().Length);
        Assert.NotEmpty(Left());
        _gates.Open(Gate.Frozen);
        VarveProcess.Finish(process).Expect(0);
        Assert.Equal(["@home"], Subvolumes());
        Assert.Empty(Left());
    }

    [Fact]
    public void An_interrupted_backup_removes_its_snapshot()
    {
        using Process process = Frozen(_home);
        Signals.Send(process, Signals.Interrupt);
        _gates.Await(Gate.Interrupted, process);
        _gates.Open(Gate.Interrupted);
        _gates.Open(Gate.Frozen);
        VarveResult ended = VarveProcess.Finish(process).Expect(130);
        Assert.DoesNotContain("warning", ended.Error, StringComparison.Ordinal);
        Assert.Equal(["@home"], Subvolumes());
        Assert.Empty(Left());
    }

    [Fact]
    public void A_method_that_does_not_fit_is_an_error_that_says_what_to_do_and_auto_reads_live()
    {
        _desk.Varve.Succeed("backup", _desk.Source());
        VarveResult wrong = _desk.Varve.Run("backup", "--fs-snapshot", "lvm", _home).Expect(1);
        Assert.Contains("cannot take a snapshot of", wrong.Error, StringComparison.Ordinal);
        Assert.Contains("--fs-snapshot auto", wrong.Error, StringComparison.Ordinal);
        _desk.Varve.Run("backup", "--fs-snapshot", "ntfs", _home).Expect(2);
        Assert.Contains("read live, without a snapshot", _desk.Varve.Succeed("backup", "--fs-snapshot", "auto", _desk.Source()).Error,
            StringComparison.Ordinal);

        // When btrfs itself fails.
        Directory.CreateDirectory(_desk["bin"]);
        File.WriteAllText(_desk["bin/btrfs"],
            "#!/bin/sh\n[ \"$2\" = snapshot ] || exec /usr/bin/btrfs \"$@\"\necho 'ERROR: no space left' >&2\nexit 1\n");
        Programs.Run("chmod", "+x", _desk["bin/btrfs"]);
        _desk.Varve.Environment["PATH"] = _desk["bin"] + ":/usr/bin:/bin";
        Assert.Contains("ERROR: no space left", _desk.Varve.Run("backup", "--fs-snapshot", "btrfs", _home).Expect(1).Error,
            StringComparison.Ordinal);
        Assert.Contains("read live, without a snapshot", _desk.Varve.Succeed("backup", "--fs-snapshot", "auto", _home).Error,
            StringComparison.Ordinal);
        Assert.Empty(Left());

        // Without the right.
        VarveProcess nobody = _desk.AsNobody();
        VarveResult refused = nobody.Run("backup", "--fs-snapshot", "btrfs", _home).Expect(1);
        Assert.Contains("root", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_backup_from_a_snapshot_of_the_users_own_shares_revisions_with_the_live_tree()
    {
        FileClock.SettleCoarse();
        _desk.Varve.Succeed("backup", _home);
        string mine = _disk["root/mine"];
        Programs.Run("btrfs", "subvolume", "snapshot", "-r", _home, mine);
        JsonElement mapped = _desk.Varve.Succeed("backup", "--json", "--as", _home, mine).Object;
        Assert.True(mapped.GetProperty("nothingChanged").GetBoolean());
        Assert.Equal((_home, mine, "@home"),
            (mapped.GetProperty("canonicalRoot").GetString(), mapped.GetProperty("root").GetString(),
            mapped.GetProperty("source").GetString()));
        Assert.Equal(0, mapped.GetProperty("bytesRead").GetInt64());
        File.WriteAllText(_home + "/docs/new", "new");
        FileClock.SettleCoarse();
        JsonElement live = _desk.Varve.Succeed("backup", "--json", _home).Object;
        // When the snapshot was taken nobody knows, but what is in it was seen before, by a run that knew the clock: nothing is read again.
        Assert.Equal((1, 1, 3L),
            (live.GetProperty("new").GetInt32(), live.GetProperty("unchanged").GetInt32(), live.GetProperty("bytesRead").GetInt64()));
        JsonElement next = _desk.Varve.Succeed("backup", "--json", _home).Object;
        Assert.Equal((true, 0L), (next.GetProperty("nothingChanged").GetBoolean(), next.GetProperty("bytesRead").GetInt64()));
        Assert.Equal(4, _desk.Varve.Succeed("snapshots", "--source", "@home", "--json").Json.Count);
    }

    /// <summary>Starts a backup and holds it when its snapshot is taken and nothing is read.</summary>
    private Process Frozen(string source)
    {
        _desk.Varve.Succeed("backup", _desk.Source());
        int before = Subvolumes().Length;
        Process process = _desk.Varve.StartHeld(_gates, "backup", "--json", "--workers", "1", "--fs-snapshot", "btrfs", source);
        _gates.Await(Gate.Frozen, process);
        Assert.Equal(before + 1, Subvolumes().Length);
        return process;
    }

    private JsonElement Backup(string method, string source, params string[] options) =>
        _desk.Varve.Succeed(["backup", "--json", "--fs-snapshot", method, .. options, source]).Json[^1];

    private string Subvolume(string name)
    {
        Programs.Run("btrfs", "subvolume", "create", _disk["root/" + name]);
        return _disk["root/" + name];
    }

    private string[] Subvolumes() =>
        [.. Programs.Run("btrfs", "subvolume", "list", _disk.Root).Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(static l => l[(l.IndexOf(" path ", StringComparison.Ordinal) + 6)..]).Order(StringComparer.Ordinal)];

    /// <summary>Records and mount points of snapshots.</summary>
    private string[] Left() =>
        Directory.Exists(_desk["home/.cache/varve/fs-snapshots"]) ? Directory.GetFileSystemEntries(_desk["home/.cache/varve/fs-snapshots"])
        : [];

    private static string[] Notes(JsonElement json) => [.. json.GetProperty("notes").EnumerateArray().Select(static n => n.GetString()!)];

    private string[] Listed() => _desk.Varve.Succeed("ls", "-R", "-0").Text.Split('\0', StringSplitOptions.RemoveEmptyEntries);
}
