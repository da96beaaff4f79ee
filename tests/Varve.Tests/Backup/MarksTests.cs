using System.Net.Sockets;
using System.Text;
using Varve.Backup;
using Varve.Backup.Sources;
using Varve.Model;
using Varve.Model.Snapshots;
using Varve.Platform;
using Varve.Tests.Golden;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Disks;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Tests.Platform;
using Varve.Vault;

namespace Varve.Tests.Backup;

/// <summary>A snapshot says what was left out on purpose, and why (decision 0056).</summary>
public sealed class MarksTests : VaultTest
{
    [Fact]
    public void An_excluded_directory_is_one_mark_with_its_rule_and_where_that_comes_from()
    {
        Write("kept", "obj/a", "obj/b/c", "src/x.o", "src/x.c", "odd\u00FC/file");
        BackupResult result = BackUp(static o => o with { Excludes = ["*.c", "obj/"], ConfiguredExcludes = ["*.o", "/nowhere"] });
        Assert.Equal(["obj Excluded obj/ Option", "src/x.c Excluded *.c Option", "src/x.o Excluded *.o Configuration"], Marks(result));
        Assert.Equal(new LeftOutCounts { Excluded = 3 }, result.Snapshot.Counts.LeftOut);
        Assert.Equal(["/nowhere"], result.UnmatchedExcludes);
    }

    [Fact]
    public void Without_anything_left_out_there_is_no_list_and_the_counts_say_so()
    {
        Write("kept");
        BackupResult result = BackUp();
        Assert.True(result.Snapshot.Private!.MarkList.IsNone);
        Assert.Equal(new LeftOutCounts(), result.Snapshot.Counts.LeftOut);
        Assert.Empty(Marks(result));
    }

    [Fact]
    public void A_second_run_over_what_did_not_change_has_the_same_marks_and_stores_none_of_them()
    {
        Write("a/b/left.o", "a/b/file", "a/left.o", "c/file");
        Func<BackupOptions, BackupOptions> with = static o => o with { Excludes = ["*.o"] };
        FileClock.Settle();
        BackupResult first = BackUp(with);
        FileClock.Settle();
        BackupResult second = BackUp(with);
        Assert.Equal(["a/b/left.o Excluded *.o Option", "a/left.o Excluded *.o Option"], Marks(second));
        Assert.Equal(Marks(first), Marks(second));
        Assert.Equal(first.Snapshot.Private!.MarkList, second.Snapshot.Private!.MarkList);
        Assert.Equal((true, 0L), (second.NothingChanged, second.Snapshot.Counts.BytesStored));
        // One in a directory that is as it was otherwise.
        File.WriteAllText(At("c/new.o"), "");
        BackupResult third = BackUp(with);
        Assert.Equal([.. Marks(first), "c/new.o Excluded *.o Option"], Marks(third));
    }

    [Fact]
    public void Every_kind_is_stored_and_a_socket_has_no_mark()
    {
        Write("file");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(System.IO.Path.GetRelativePath(Environment.CurrentDirectory, At("socket"))));
        Programs.Run("mkfifo", At("fifo"));
        BackupResult result = BackUp();
        Assert.Equal(2, result.Snapshot.Counts.Others);
        Assert.Equal(new LeftOutCounts(), result.Snapshot.Counts.LeftOut);
    }

    [Fact]
    public void What_the_run_writes_to_itself_is_marked()
    {
        Write("file");
        BackupResult result = _vault.BackupAll(_d.Path, static o => o with { Excludes = ["varve-key*", "*.key", "key"] });
        string[] own = [.. Marks(result).Where(static m => m.Contains("OwnDirectory", StringComparison.Ordinal))];
        Assert.Contains("repository OwnDirectory  Unknown", own);
        Assert.Equal(own.Length, result.Snapshot.Counts.LeftOut!.OwnDirectories);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Several_passes_mark_each_path_once(bool isCut)
    {
        for (int i = 0; i < 5; i++)
        {
            Write($"d{i}/left.o");
            File.WriteAllBytes(At($"d{i}/file"), DamagedBytes.Random(300_000, i));
        }

        FileClock.Settle();
        BackupResult result = BackUp(o => o with { Excludes = ["*.o"], NewestFirst = true, Budget = isCut ? 700_000 : null });
        Assert.Equal(isCut, result.Snapshot.IsPartial);
        Assert.Equal(Enumerable.Range(0, 5).Select(static i => $"d{i}/left.o Excluded *.o Option"), Marks(result));
        Assert.Equal(5, result.Snapshot.Counts.LeftOut!.Excluded);
        Assert.Equal(5, BackUp(static o => o with { Excludes = ["*.o"] }).Snapshot.Counts.LeftOut!.Excluded);
    }

    [Fact]
    public void A_run_that_carries_on_from_a_killed_one_has_all_marks()
    {
        Write("a/left.o", "b/left.o", "b/file");
        using (var cancel = new CancellationTokenSource())
        {
            Gate.Visit(point => { if (point == Gate.BatchRead) { cancel.Cancel(); } });
            try { Assert.ThrowsAny<OperationCanceledException>(() => _vault.Backup(_source, Objects, cancel: cancel.Token)); }
            finally { Gate.Visit(null); }
        }

        BackupResult result = BackUp(Objects);
        Assert.True(result.Resumed);
        Assert.Equal(["a/left.o Excluded *.o Option", "b/left.o Excluded *.o Option"], Marks(result));
        Assert.Equal(2, result.Snapshot.Counts.LeftOut!.Excluded);
    }

    [Fact]
    public void A_directory_that_is_visited_again_is_marked_as_it_was_seen_last()
    {
        Write("d/one.o", "d/file", "other/sub/two.o", "other/file", "stays/three.o");
        int walks = 0, touched = 0;
        // Nothing moves unless something was listed that had changed since the run began.
        using var watch = new SystemCallWatch((call, _, name) =>
        {
            bool isFirst = call == SystemCall.Open && name.SequenceEqual("stays"u8) && Interlocked.Exchange(ref touched, 1) == 0;
            if (isFirst) { File.WriteAllText(At("stays/touched"), ""); }
            return 0;
        });
        Gate.Visit(point =>
        {
            if (point != Gate.Walked || ++walks > 1) { return; }
            File.Move(At("d/one.o"), At("d/renamed.o"));
            File.WriteAllText(At("d/more.o"), "");
            Directory.Move(At("other/sub"), At("d/sub"));
        });
        BackupResult result;
        try { result = BackUp(Objects); }
        finally { Gate.Visit(null); }
        Assert.InRange(walks, 2, 4);
        // "other/sub" was saved where it was; its other name is in the snapshot too, or only that.
        string[] marks = Marks(result);
        Assert.Equal(["d/more.o", "d/renamed.o", "d/sub/two.o", "stays/three.o"],
            marks.Select(static m => m[..m.IndexOf(' ', StringComparison.Ordinal)]).Where(static p => p != "other/sub/two.o"));
        Assert.Equal(marks.Length, result.Snapshot.Counts.LeftOut!.Excluded);
        Assert.Equal(Restored(result, "other/sub"), marks.Any(static m => m.StartsWith("other/sub/", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_two_roots_leave_out_under_one_path_is_one_mark()
    {
        Write("shared/left.o", "shared/a", "left.o", "mine/x.o");
        string second = System.IO.Path.Combine(_d.Path, "second");
        foreach (string path in (string[])["shared/left.o", "shared/b", "left.o", "theirs/y.o"])
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.Combine(second, path))!);
            File.WriteAllText(System.IO.Path.Combine(second, path), path);
        }

        BackupResult result = BackUp(o => o with
        {
            Excludes = ["*.o"],
            CanonicalRoot = "/all"u8.ToArray(),
            FurtherRoots = [new RootMapping(Encoding.UTF8.GetBytes(second), "/all"u8.ToArray())],
        });
        Assert.Equal(["left.o", "mine/x.o", "shared/left.o", "theirs/y.o"],
            Marks(result).Select(static m => m[..m.IndexOf(' ', StringComparison.Ordinal)]));
        Assert.Equal(4, result.Snapshot.Counts.LeftOut!.Excluded);
    }

    [Fact]
    [Trait("Needs", "root")]
    public void A_mount_that_is_not_entered_is_marked_and_what_is_in_it_is_not()
    {
        Write("file");
        Directory.CreateDirectory(At("mounted"));
        using var mount = new LoopMount("tmpfs", At("mounted"));
        Write("mounted/inside.o");
        for (int i = 0; i < 2; i++)
        {
            BackupResult result = BackUp(static o => o with { OneFileSystem = true, Excludes = ["*.o"] });
            Assert.Equal(["mounted NotEntered  Unknown"], Marks(result));
            Assert.Equal(new LeftOutCounts { NotEntered = 1 }, result.Snapshot.Counts.LeftOut);
        }

        Assert.Equal(["mounted/inside.o Excluded *.o Option"], Marks(BackUp(Objects)));
    }

    [Fact]
    public void More_than_there_is_room_for_is_counted_and_the_first_by_path_are_listed()
    {
        for (int i = 0; i < 120; i++)
        {
            Directory.CreateDirectory(At($"d{i:D3}"));
            for (int j = 0; j < 100; j++) { File.WriteAllText(At($"d{i:D3}/{j:D2}.o"), ""); }
        }

        BackupResult result = BackUp(Objects);
        Assert.Equal(12_000, result.Snapshot.Counts.LeftOut!.Excluded);
        string[] marks = Marks(result);
        Assert.Equal((10_000, "d099/99.o Excluded *.o Option"), (marks.Length, marks[^1]));
        Assert.Equal(result.Snapshot.Private!.MarkList, BackUp(Objects).Snapshot.Private!.MarkList);
    }

    [Fact]
    public void Snapshots_of_programs_before_marks_say_nothing_of_what_was_left_out()
    {
        using var d = new ZooDirectory();
        using Repository repository = Repository.Open(new RepositoryLocation(GoldenTests.Place("v1-keyfile")),
            new Credentials { KeyFilePath = GoldenTests.Place("v1-keyfile.key") }, new RepositoryOptions { CacheRoot = d["cache"] });
        Assert.All(repository.Snapshots(), s =>
        {
            Assert.Null(s.Snapshot.Counts.LeftOut);
            Assert.Empty(repository.LeftOut(s));
        });
    }

    [Fact]
    public void A_list_that_is_lost_is_damage_that_a_check_names_and_restores_do_not_need()
    {
        Write("left.o", "file");
        BackupResult result = BackUp(Objects);
        using (Repository repository = _vault.Open())
        {
            Snapshot snapshot = result.Snapshot with
            {
                Private = result.Snapshot.Private! with { MarkList = Some.Id(7) },
                Generation = result.Snapshot.Generation + 1,
                Parent = result.Name,
            };
            (ObjectName name, byte[] bytes) = repository.SnapshotStore.Seal(snapshot);
            repository.Store.Put(Format.ObjectKeys.Snapshot(snapshot.SourceId, name), bytes);
        }

        using (Repository repository = _vault.Open())
        {
            Assert.Contains("the list of what was left out",
                string.Join('\n', Engine.Check(repository, false).Damages.Select(static x => x.Affects)),
                StringComparison.Ordinal);
        }

        _vault.RestoreAll(System.IO.Path.Combine(_d.Path, "restored"));
    }

    [Fact]
    public void An_independent_reader_finds_nothing_in_the_trees_that_the_list_says_was_left_out()
    {
        Write("obj/a", "src/x.o", "src/x.c");
        BackUp(static o => o with { Excludes = ["*.o", "obj/"] });
        Dictionary<int, List<string>> read = GoldenTests.ReadByPython(_vault.Place, ["--key-file", _vault.KeyFile]);
        Assert.Contains(read[1], static line => line.StartsWith("src/x.c ", StringComparison.Ordinal));
    }

    private static BackupOptions Objects(BackupOptions options) => options with { Excludes = ["*.o"] };

    private BackupResult BackUp(Func<BackupOptions, BackupOptions>? with = null)
    {
        BackupResult result = _vault.Backup(_source, with);
        Assert.Equal(0, result.FailureCount);
        return result;
    }

    private string[] Marks(BackupResult result)
    {
        using Repository repository = _vault.Open();
        return [.. repository.LeftOut(repository.FindSnapshot(result.Name.ToString()))
            .Select(static e => $"{Encoding.UTF8.GetString(e.Path)} {e.Reason} {e.Rule} {e.Origin}")];
    }

    private bool Restored(BackupResult result, string path)
    {
        string target = System.IO.Path.Combine(_d.Path, "restored-again");
        _vault.RestoreAll(target, result.Name);
        return Directory.Exists(System.IO.Path.Combine(target, path));
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
