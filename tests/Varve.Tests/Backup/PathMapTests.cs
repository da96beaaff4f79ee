using System.Text;
using Varve.Backup;
using Varve.Backup.Sources;
using Varve.Model;
using Varve.Model.Bytes;
using Varve.Model.Rules;
using Varve.Platform;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Vaults;
using Varve.Tests.Platform;

namespace Varve.Tests.Backup;

/// <summary>A source whose paths are mapped by rules: the snapshot has the tree that they give, and knows it again.</summary>
public sealed class PathMapTests : VaultTest
{
    [Fact]
    public void A_directory_and_all_below_it_lies_where_a_rule_says()
    {
        Write("old/letters/a", "a");
        Write("old/letters/deep/b", "b");
        Write("other/c", "c");
        BackupResult result = Backup($"{_source}/old={_source}/new/place");
        Assert.Equal(["new/place/letters/a a", "new/place/letters/deep/b b", "other/c c"], Restored(result));
        Settled($"{_source}/old={_source}/new/place");
    }

    [Fact]
    public void An_expression_deals_the_files_of_a_directory_out_to_others()
    {
        Write("camera/IMG_2024_1.jpg", "x");
        Write("camera/IMG_2024_2.jpg", "y");
        Write("camera/IMG_2025_1.jpg", "z");
        Write("camera/notes.txt", "n");
        string rule = $"re:^{_source}/camera/IMG_([0-9]+)_(.*)$={_source}/photos/$1/$2";
        BackupResult result = Backup(rule);
        Assert.Equal(["camera/notes.txt n", "photos/2024/1.jpg x", "photos/2024/2.jpg y", "photos/2025/1.jpg z"], Restored(result));
        Settled(rule);
    }

    [Fact]
    public void An_expression_brings_files_of_many_directories_together()
    {
        for (int i = 0; i < 300; i++) { Write($"days/{i:d3}/log", $"of {i}"); }
        string rule = $"re:^{_source}/days/([0-9]+)/log$={_source}/logs/$1.log";
        BackupResult result = Backup(rule);
        Assert.Equal(Enumerable.Range(0, 300).Select(static i => $"logs/{i:d3}.log of {i}"), Restored(result));
        Assert.False(Directory.Exists(System.IO.Path.Combine(_restored!, "days")), "an empty shell is left");
        Settled(rule);
    }

    [Fact]
    public void A_tree_that_was_reorganised_by_such_a_rule_is_known_again()
    {
        for (int i = 0; i < 20; i++) { Write($"photos/2024-{i:d2}.jpg", new string((char)('a' + i), 100_000)); }
        Write("photos/raw/one", "raw");
        BackUpAtRest(null);
        Directory.CreateDirectory(At("archive/2024"));
        for (int i = 0; i < 20; i++) { File.Move(At($"photos/2024-{i:d2}.jpg"), At($"archive/2024/{i:d2}.jpg")); }
        Directory.Move(At("photos/raw"), At("archive/raw"));
        FileClock.Settle();
        BackupResult result = _vault.Backup(_source, With(
            $"re:^{_source}/archive/([0-9]+)/(.*)$={_source}/photos/$1-$2", $"{_source}/archive={_source}/photos"));
        Assert.Equal((0, 0, 0L), (result.Snapshot.Counts.New, result.Snapshot.Counts.Gone, result.FailureCount));
        Assert.True(result.Snapshot.Counts.BytesStored < 20_000, "what is known was stored again");
        _vault.Check();
        Same();
    }

    [Fact]
    public void What_a_rule_is_for_and_what_none_is_for_may_meet_in_one_directory_and_the_newest_counts()
    {
        Write("a/same", "older");
        Write("b/same", "newer");
        Write("a/mine", "mine");
        Write("b/yours", "yours");
        File.SetLastWriteTimeUtc(At("a/same"), DateTime.UnixEpoch.AddDays(10_000));
        File.SetLastWriteTimeUtc(At("b/same"), DateTime.UnixEpoch.AddDays(10_001));
        BackupResult result = Backup($"{_source}/b={_source}/a");
        Assert.Equal(["a/mine mine", "a/same newer", "a/yours yours"], Restored(result));
        Assert.Contains(result.Notes, n => n.What == $"left out {_source}/a/same: {_source}/b/same is newer");
        Settled($"{_source}/b={_source}/a");
    }

    [Fact]
    public void A_directory_stays_one_where_a_newer_file_is_mapped_onto_it()
    {
        Write("x/inside", "inside");
        Write("file", "file");
        BackupResult result = Backup($"{_source}/file={_source}/x");
        Assert.Equal(["x/inside inside"], Restored(result));
        Assert.Contains(result.Notes, n => n.What == $"left out {_source}/file: has the name of a directory");
    }

    [Theory]
    [InlineData("/somewhere/else")]
    [InlineData("no absolute path")]
    [InlineData("{0}/a/../b")]
    [InlineData("{0}")]
    [InlineData("{0}/")]
    public void A_name_that_lies_nowhere_in_the_source_is_a_failure_of_that_file_alone(string to)
    {
        Write("dir/bad", "bad");
        Write("dir/good", "good");
        BackupResult result = Backup($"{_source}/dir/bad={string.Format(null, CompositeFormat.Parse(to), _source)}");
        Assert.Equal(1, result.FailureCount);
        Assert.Equal("dir/bad", Encoding.UTF8.GetString(result.Failures[0].Path));
        Assert.Equal(["dir/good good"], Restored(result));
    }

    [Fact]
    public void Empty_directories_are_kept_and_those_that_everything_was_mapped_out_of_are_not()
    {
        Directory.CreateDirectory(At("empty/inner"));
        Write("shell/core/file", "file");
        BackupResult result = Backup($"re:^{_source}/shell/core/(.*)$={_source}/out/$1", $"{_source}/empty={_source}/hollow");
        Assert.Equal(["out/file file"], Restored(result));
        Assert.True(Directory.Exists(_restored + "/hollow/inner"));
        Assert.Equal(["hollow", "out"],
            Directory.GetDirectories(_restored!).Select(System.IO.Path.GetFileName).Order(StringComparer.Ordinal));
        Settled($"re:^{_source}/shell/core/(.*)$={_source}/out/$1", $"{_source}/empty={_source}/hollow");
    }

    [Fact]
    public void A_rule_that_fits_nothing_changes_nothing()
    {
        Write("a/b/c", "c");
        Write("a/d", "d");
        BackUpAtRest(null);
        BackupResult mapped = _vault.Backup(_source, With("/nowhere=/elsewhere", "re:^/never$=/x"));
        Assert.Equal((0, 0, 0, 0), Changes(mapped));
        Assert.Equal(["a/b/c c", "a/d d"], Restored(mapped));
        _vault.Check();
        Same();
    }

    [Fact]
    public void Rules_of_what_to_leave_out_are_for_names_in_the_source_and_expressions_for_those_that_are_read()
    {
        Write("old/keep", "keep");
        Write("old/drop.o", "drop");
        Write("old/temp", "temp");
        Write("new/raw", "raw");
        Func<BackupOptions, BackupOptions> with = o => With($"{_source}/old={_source}/new")(o) with
        {
            Excludes = [$"{_source}/new/*.o", $"re:^{_source}/old/temp$", $"re:^{_source}/new/keep$", $"canonical-re:^{_source}/new/raw$"],
        };
        BackupResult result = _vault.Backup(_source, with);
        Assert.Equal(["new/keep keep"], Restored(result));
        Assert.Equal(3, result.Snapshot.Counts.LeftOut!.Excluded);
    }

    [Fact]
    public void What_is_gone_is_gone_and_what_changed_is_stored()
    {
        Write("old/a", "a");
        Write("old/b", "b");
        Write("old/sub/c", "c");
        string rule = $"re:^{_source}/old/(.*)$={_source}/new/$1.bak";
        BackUpAtRest(rule);
        File.Delete(At("old/a"));
        File.WriteAllText(At("old/b"), "changed");
        Directory.Delete(At("old/sub"), recursive: true);
        FileClock.Settle();
        BackupResult result = Backup(rule);
        Assert.Equal((0, 1, 0, 2), Changes(result));
        Assert.Equal(["new/b.bak changed"], Restored(result));
        _vault.Check();
        Same();
    }

    [Fact]
    public void What_lies_below_a_directory_that_cannot_be_listed_is_not_taken_for_gone()
    {
        Write("old/a", "a");
        Write("old/shut/b", "b");
        string rule = $"re:^{_source}/old/(.*)$={_source}/new/$1";
        BackUpAtRest(rule);
        using (new SystemCallWatch(static (call, _, name) => call == SystemCall.Open && name.SequenceEqual("shut"u8) ? Errno.EACCES : 0))
        {
            BackupResult result = Backup(rule);
            Assert.Equal(["", "new/shut"], result.Failures.Select(static f => Encoding.UTF8.GetString(f.Path)));
            Assert.Equal(0, result.Snapshot.Counts.Gone);
            Same();
        }

        Settled(rule);
    }

    [Theory]
    [InlineData("new/moved")]
    [InlineData("old/other/moved")]
    public void A_file_that_moves_while_the_tree_is_explored_is_in_the_snapshot(string to)
    {
        Write("new/first", "first");
        Write("old/other/x", "x");
        Write("old/way/moved", "moved");
        int done = 0;
        using (new SystemCallWatch((call, _, name) =>
        {
            bool isListed = call == SystemCall.Stat && name.SequenceEqual("x"u8);
            if (isListed && Interlocked.Exchange(ref done, 1) == 0) { File.Move(At("old/way/moved"), At(to)); }
            return 0;
        }))
        {
            BackupResult result = Backup($"{_source}/old={_source}/new");
            Assert.Equal(0, result.FailureCount);
            Assert.Contains(Restored(result), static f => f.EndsWith("moved moved", StringComparison.Ordinal));
        }

        Settled($"{_source}/old={_source}/new");
    }

    [Fact]
    public void A_directory_whose_names_never_rest_is_said_to_be_so()
    {
        Write("old/mail/a", "a");
        using var restless = new RestlessFile(At("old/mail"));
        BackupResult result = Backup($"{_source}/old={_source}/new");
        Assert.Contains(result.Failures, static f => Encoding.UTF8.GetString(f.Path) == "new/mail");
    }

    [Fact]
    public void Paths_of_several_roots_are_mapped_from_where_they_are_read()
    {
        string drive = System.IO.Path.Combine(_d.Path, "drive");
        Directory.CreateDirectory(drive + "/films");
        File.WriteAllText(drive + "/films/f", "film");
        File.WriteAllText(drive + "/note", "note");
        Write("here/h", "here");
        Func<BackupOptions, BackupOptions> with = o => With($"{drive}/films=/all/media/films", $"{_source}/here=/all/there")(o) with
        {
            CanonicalRoot = "/all"u8.ToArray(),
            FurtherRoots = [new RootMapping(Encoding.UTF8.GetBytes(drive), "/all/usb"u8.ToArray())],
        };
        BackupResult result = _vault.Backup(_source, with);
        Assert.Equal(["media/films/f film", "there/h here", "usb/note note"], Restored(result));
        Directory.Delete(drive, recursive: true);
        BackupResult without = _vault.Backup(_source, with);
        Assert.Equal((1, 0), (without.FailureCount, without.Snapshot.Counts.Gone));
        Assert.Equal(["there/h here"], Restored(without));
        _vault.Check();
        Same();
    }

    [Fact]
    public void A_hard_link_stays_one_across_directories_that_rules_make()
    {
        Write("in/one", "linked");
        Programs.Run("ln", At("in/one"), At("in/two"));
        BackupResult result = Backup($"{_source}/in/two={_source}/out/deux");
        Assert.Equal(["in/one linked", "out/deux linked"], Restored(result));
        File.WriteAllText(_restored + "/in/one", "both");
        Assert.Equal("both", File.ReadAllText(_restored + "/out/deux"));
    }

    [Fact]
    public void What_rules_cannot_go_with_is_refused_before_anything_is_done()
    {
        Write("file", "file");
        Assert.Equal(ErrorKind.Usage, Assert.Throws<VarveException>(() => Backup("no equals sign")).Kind);
        Assert.Equal(ErrorKind.Usage, Assert.Throws<VarveException>(() => Backup("re:(=x")).Kind);
        Assert.Equal(ErrorKind.Usage, Assert.Throws<VarveException>(() => _vault.Backup(At("file"), With("/a=/b"))).Kind);
        Assert.DoesNotContain(Directory.GetFiles(_vault.Place, "*", SearchOption.AllDirectories),
            static f => f.Contains("/snapshots/", StringComparison.Ordinal));
    }

    [Fact]
    public void Newest_first_and_a_budget_take_mapped_files_too()
    {
        for (int i = 0; i < 40; i++)
        {
            Write($"in/{i:d2}", new string((char)('0' + i), 100_000));
            File.SetLastWriteTimeUtc(At($"in/{i:d2}"), DateTime.UnixEpoch.AddDays(10_000 + i));
        }

        string rule = $"re:^{_source}/in/([0-9])([0-9])$={_source}/out/$2/$1";
        BackupResult result = _vault.Backup(
            _source, o => With(rule)(o) with { NewestFirst = true, Budget = 1_000_000, BudgetBySize = true });
        Assert.Equal(10, result.Snapshot.Counts.Files);
        Assert.Equal(Enumerable.Range(0, 10).Select(static i => $"out/{i}/3"), Restored(result).Select(static f => f.Split(' ')[0]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void A_random_tree_by_random_rules_is_what_a_plain_reading_of_them_gives(int seed)
    {
        var random = new Random(seed);
        string[] names = ["a", "b", "c", "d"];
        string Path(int depth) => string.Join('/', Enumerable.Range(0, depth).Select(_ => names[random.Next(names.Length)]));
        for (int i = 0; i < 200; i++)
        {
            string path = Path(random.Next(1, 5)) + "/f" + random.Next(6);
            if (!Directory.Exists(At(path))) { Write(path, path); }
        }

        string[] rules = [.. Enumerable.Range(0, 4).Select(_ => random.Next(2) == 0
            ? $"{_source}/{Path(2)}={_source}/{Path(random.Next(1, 4))}"
            : $"re:^{_source}/(.*){names[random.Next(4)]}/(f[0-{random.Next(6)}])$={_source}/{names[random.Next(4)]}/$1$2x")];
        string[] files = [.. Directory.EnumerateFiles(_source, "*", SearchOption.AllDirectories)];
        long day = 0;
        random.Shuffle(files);
        foreach (string file in files) { File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch.AddDays(10_000 + day++)); }
        var mapping = new PathMapping(rules);
        var expected = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string file in files.OrderBy(File.GetLastWriteTimeUtc))
        {
            var mapped = new ByteWriter();
            mapping.Apply(Encoding.UTF8.GetBytes(file), mapped);
            expected[Encoding.UTF8.GetString(mapped.Written)[(_source.Length + 1)..]] = File.ReadAllText(file);
        }

        // A name that is a directory is none of a file.
        foreach (string path in expected.Keys.ToList())
        {
            if (expected.Keys.Any(other => other.StartsWith(path + "/", StringComparison.Ordinal))) { expected.Remove(path); }
        }

        BackupResult result = Backup(rules);
        Assert.Equal(expected.Select(static e => $"{e.Key} {e.Value}"), Restored(result));
        Settled(rules);
    }

    private string? _restored;

    private void Write(string path, string content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), content);
    }

    private static Func<BackupOptions, BackupOptions> With(params string[] rules) => o => o with { PathMap = rules };

    private BackupResult Backup(params string[] rules) => _vault.Backup(_source, With(rules));

    private void BackUpAtRest(string? rule)
    {
        FileClock.Settle();
        _vault.Backup(_source, With(rule is null ? [] : [rule]));
        FileClock.Settle();
        _vault.Backup(_source, With(rule is null ? [] : [rule]));
    }

    /// <summary>The repository is whole, backups after it find nothing, and the catalog has what the repository has.</summary>
    private void Settled(params string[] rules)
    {
        FileClock.Settle();
        _vault.Backup(_source, With(rules));
        Assert.Equal((0, 0, 0, 0), Changes(_vault.Backup(_source, With(rules))));
        _vault.Check();
        Same();
    }

    private static (long, long, long, long) Changes(BackupResult result) => (result.Snapshot.Counts.New, result.Snapshot.Counts.Changed,
        result.Snapshot.Counts.MetadataOnly, result.Snapshot.Counts.Gone);

    private string[] Restored(BackupResult result)
    {
        _restored = System.IO.Path.Combine(_d.Path, "restored-" + Guid.NewGuid().ToString("N"));
        _vault.Restore(_restored, result.Name);
        return [.. Directory.EnumerateFiles(_restored, "*", SearchOption.AllDirectories)
            .Select(f => $"{f[(_restored.Length + 1)..]} {File.ReadAllText(f)}").Order(StringComparer.Ordinal)];
    }
}
