using System.Text;
using Varve.Backup.Sources;
using Varve.Model.Paths;
using Varve.Model.Snapshots;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;

namespace Varve.Tests.Backup;

/// <summary>A backup of exactly the paths that somebody lists (decision 0066).</summary>
public sealed class ListedPathsTests : VaultTest
{
    [Fact]
    public void Exactly_what_is_listed_is_saved_with_the_directories_above_it()
    {
        Write("a/b/x", "a/b/y", "a/z", "c/w", "d/e/f");
        BackupResult result = BackUp(Listed("a/b/x", "a/b/x", "./c", "d//e/./f/"));
        Assert.Equal(0, result.FailureCount);
        Assert.Equal(["a", "a/b", "a/b/x", "c", "d", "d/e", "d/e/f"], Saved());
        // What is not listed was not left out: there is nothing to tell.
        Assert.Equal(new LeftOutCounts(), result.Snapshot.Counts.LeftOut);
        Assert.True(result.Snapshot.Private!.MarkList.IsNone);
    }

    [Fact]
    public void What_is_listed_and_not_there_is_a_failure_and_the_rest_is_saved()
    {
        Write("a/x", "file");
        BackupResult result = BackUp(Listed("a/x", "a/gone", "file/below", "none/at/all", "none/too"));
        Assert.Equal(["a/gone 2", "file/below 20", "none/at/all 2", "none/too 2"],
            result.Failures.Select(static f => $"{Encoding.UTF8.GetString(f.Path)} {f.Errno}").Order(StringComparer.Ordinal));
        Assert.Equal(["a", "a/x"], Saved());
        BackupResult again = BackUp(Listed("a/x"));
        Assert.Equal(0, again.FailureCount);
    }

    [Fact]
    public void What_a_rule_leaves_out_is_left_out_though_it_is_listed_and_is_no_failure()
    {
        Write("a/x.o", "a/x.c", "cache/deep/file", "b/y");
        BackupResult result = BackUp(o => Listed("a/x.o", "a/x.c", "cache/deep/file", "b/y")(o) with { Excludes = ["*.o", "cache/"] });
        Assert.Equal(0, result.FailureCount);
        Assert.Equal(["a", "a/x.c", "b", "b/y"], Saved());
        Assert.Equal(2, result.Snapshot.Counts.LeftOut!.Excluded);
    }

    [Fact]
    public void Unchanged_files_of_a_list_are_not_read_again_and_an_equal_list_changes_nothing()
    {
        Write("a/x", "a/y", "b/z");
        FileClock.Settle();
        BackUp(Listed("a/x", "b/z"));
        FileClock.Settle();
        BackupResult second = BackUp(Listed("b/z", "a/x"));
        Assert.Equal((true, 0L, 0L), (second.NothingChanged, second.Snapshot.Counts.BytesRead, second.Snapshot.Counts.New));
        BackupResult third = BackUp(Listed("a/x", "a/y"));
        Assert.Equal((1L, 1L), (third.Snapshot.Counts.New, third.Snapshot.Counts.Gone));
        Assert.Equal(["a", "a/x", "a/y"], Saved());
    }

    [Fact]
    public void A_directory_that_was_moved_is_recognised_by_the_files_that_are_listed()
    {
        Write("old/x", "old/y");
        FileClock.Settle();
        BackUp(Listed("old/x"));
        Directory.Move(At("old"), At("new"));
        FileClock.Settle();
        BackupResult moved = BackUp(Listed("new/x"));
        Assert.Equal(0, moved.Snapshot.Counts.BytesRead);
        Assert.Equal(["new", "new/x"], Saved());
    }

    [Fact]
    public void Paths_are_found_by_the_name_they_are_recorded_under_and_by_links_to_the_root()
    {
        Write("a/x", "a/y", "a/z");
        File.CreateSymbolicLink(At("../link-" + Path.GetFileName(_source)), _source);
        string link = Path.GetFullPath(At("../link-" + Path.GetFileName(_source)));
        try
        {
            var only = new PathSelection("/"u8.ToArray());
            only.Add("/recorded/a/x"u8);
            only.Add(Encoding.UTF8.GetBytes(_source + "/a/y"));
            only.Add(Encoding.UTF8.GetBytes(link + "/a/z"));
            BackUp(o => o with { Only = only, RootPath = Encoding.UTF8.GetBytes(link), CanonicalRoot = "/recorded"u8.ToArray() });
            Assert.Equal(["a", "a/x", "a/y", "a/z"], Saved());
        }
        finally { File.Delete(link); }
    }

    [Fact]
    public void Several_roots_that_are_one_tree_take_what_is_listed_of_each()
    {
        Write("one/a/x", "one/a/y", "two/a/z", "two/b/w");
        var only = new PathSelection("/"u8.ToArray());
        foreach (string path in (string[])["one/a/x", "two/a/z"]) { only.Add(Encoding.UTF8.GetBytes(At(path))); }
        BackupResult result = BackUp(o => o with
        {
            Only = only,
            RootPath = Encoding.UTF8.GetBytes(At("one")),
            CanonicalRoot = "/all"u8.ToArray(),
            RootAs = "/all"u8.ToArray(),
            FurtherRoots = [new RootMapping(Encoding.UTF8.GetBytes(At("two")), "/all/deep/down"u8.ToArray())],
        });
        Assert.Equal(0, result.FailureCount);
        Assert.Equal(["a", "a/x", "deep", "deep/down", "deep/down/a", "deep/down/a/z"], Saved());
    }

    [Fact]
    public void What_lies_outside_of_the_source_is_refused_before_anything_is_saved()
    {
        Write("a");
        VarveException outside = Assert.Throws<VarveException>(() => BackUp(Listed("a", "/etc/passwd", "/etc/hosts")));
        Assert.Equal((ErrorKind.Usage, "/etc/passwd"), (outside.Kind, outside.Subject.Name));
        Assert.Contains("1 others", outside.Message, StringComparison.Ordinal);
        using Repository repository = _vault.Open();
        Assert.Empty(repository.Snapshots());
    }

    [Fact]
    public void Newest_first_and_a_budget_take_files_of_the_list_only()
    {
        Write("a", "b", "c");
        BackupResult result = BackUp(o => Listed("a", "c", "gone")(o) with { NewestFirst = true, Budget = 1 << 30 });
        Assert.Equal(["a", "c"], Saved());
        Assert.Equal(1, result.FailureCount);
    }

    private Func<BackupOptions, BackupOptions> Listed(params string[] paths)
    {
        var only = new PathSelection(Encoding.UTF8.GetBytes(_source));
        foreach (string path in paths) { only.Add(Encoding.UTF8.GetBytes(path)); }
        return o => o with { Only = only };
    }

    private BackupResult BackUp(Func<BackupOptions, BackupOptions> with)
    {
        using Repository repository = _vault.Open();
        return Engine.Backup(repository, _source, with);
    }

    private void Write(params string[] names)
    {
        foreach (string name in names)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
            File.WriteAllText(At(name), name);
        }
    }

    private List<string> Saved()
    {
        var names = new List<string>();
        using Repository repository = _vault.Open();
        repository.ListEntries(repository.FindSnapshot("latest"), null, true, e => names.Add(Encoding.UTF8.GetString(e.Path)), _ => { });
        names.Sort(StringComparer.Ordinal);
        return names;
    }
}
