using System.Globalization;
using System.Text;
using Varve.Model;
using Varve.Model.Snapshots;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;

namespace Varve.Tests.Backup;

/// <summary>What is left out by rules of every kind, what of it is kept, and what marks and counts say.</summary>
public sealed class EntryRulesTests : VaultTest
{
    private const string Signature = "Signature: 8a477f597d28d172789f06886806bc55\n# made by a test\n";

    [Fact]
    public void The_last_rule_that_matches_decides_and_nothing_below_a_directory_that_is_left_out_comes_back()
    {
        Write("a.o", "keep.o", "d/keep.o", "obj/keep.o", "lib/x", "b/lib/x");
        BackupResult result = BackUp(static o => o with { Excludes = ["*.o", "!keep.o", "obj/", "!obj/keep.o", "lib/x"] });
        Assert.Equal(["b", "b/lib", "b/lib/x", "d", "d/keep.o", "keep.o", "lib"], Saved(result));
        Assert.Equal(["a.o Excluded *.o", "lib/x Excluded lib/x", "obj Excluded obj/"], Marks(result));
    }

    [Fact]
    public void Names_that_are_not_utf8_are_matched_as_bytes()
    {
        _d.Touch([.. "source/"u8, 0xE9, (byte)'x']);
        _d.Touch([.. "source/"u8, 0xE8, (byte)'x']);
        BackupResult result = BackUp(static o => o with { Excludes = ["\uDCE9?"] });
        Assert.Equal((1L, 1L), (result.Snapshot.Counts.Files, result.Snapshot.Counts.LeftOut!.Excluded));
    }

    [Fact]
    public void Regular_expressions_are_over_the_path_that_is_read_or_the_one_that_is_recorded()
    {
        Write("a", "b", "c");
        BackupResult result = BackUp(o => o with
        {
            CanonicalRoot = "/home/ada"u8.ToArray(),
            Excludes = [$"re:^{_source}/a$", "canonical-re:^/home/ada/b$", "re:^/home/ada/c$"],
        });
        Assert.Equal(["c"], Saved(result));
        Assert.Equal(["re:^/home/ada/c$"], result.UnmatchedExcludes);
    }

    [Fact]
    public void Sizes_times_and_attributes_leave_out_files_and_an_include_keeps_them()
    {
        Write("small", "old", "future", "kept-old", "d/old");
        File.WriteAllBytes(At("large"), new byte[2_000]);
        File.WriteAllBytes(At("exact"), new byte[1_000]);
        foreach (string old in (string[])["old", "kept-old", "d/old"]) { SetTime(old, 2001); }
        SetTime("d", 2001);
        SetTime("future", 2101);
        BackupResult result = BackUp(static o => o with
        {
            ExcludeLargerThan = 1_000,
            ExcludeOlderThan = Time(2010),
            ExcludeNewerThan = Time(2100),
            Excludes = ["!kept-*"],
        });
        Assert.Equal(["d", "exact", "kept-old", "small"], Saved(result));
        Assert.Equal(
            [
                "d/old Property modified before 2010-01-01 00:00:00+00:00", "future Property modified after 2100-01-01 00:00:00+00:00",
                "large Property larger than 1000 bytes", "old Property modified before 2010-01-01 00:00:00+00:00",
            ], Marks(result));
        Assert.Equal(new LeftOutCounts { ByProperties = 4 }, result.Snapshot.Counts.LeftOut);
    }

    [Fact]
    public void What_has_an_extended_attribute_is_left_out_also_a_directory()
    {
        Write("d/below", "file", "other");
        Set("d", "user.nobackup", "");
        Set("file", "user.robots", "false");
        Set("other", "user.robots", "true");
        BackupResult result = BackUp(static o => o with { ExcludeXattrs = ["user.nobackup", "user.robots=false"] });
        Assert.Equal(["other"], Saved(result));
        Assert.Equal(["d Property has user.nobackup", "file Property has user.robots=false"], Marks(result));
    }

    [Fact]
    public void What_has_the_attribute_nodump_is_left_out()
    {
        Write("d/below", "file", "other");
        try { Programs.Run("chattr", "+d", At("d"), At("file")); }
        catch (IOException) { Assert.Skip("the file system has no such attribute"); }
        Assert.Equal(["other"], Saved(BackUp(static o => o with { ExcludeNoDump = true })));
        Assert.Equal(["d", "d/below", "file", "other"], Saved(BackUp()));
    }

    [Fact]
    public void Of_a_tagged_directory_the_tag_alone_is_kept_where_that_was_asked_for()
    {
        Write("cache/a", "cache/d/b", "cache/e/c", "fake/a", "short/a", "mine/a", "mine/.nobackup");
        File.WriteAllText(At("cache/CACHEDIR.TAG"), Signature);
        File.WriteAllText(At("fake/CACHEDIR.TAG"), Signature[1..]);
        File.WriteAllText(At("short/CACHEDIR.TAG"), Signature[..42]);
        Directory.CreateDirectory(At("dir/CACHEDIR.TAG"));
        string[] all = Saved(BackUp());
        Assert.Contains("cache/d/b", all);
        FileClock.Settle();
        BackupResult tagged = BackUp(static o => o with { ExcludeCaches = true, ExcludeIfPresent = [".nobackup"] });
        Assert.Equal(
            [
                "cache", "cache/CACHEDIR.TAG", "dir", "dir/CACHEDIR.TAG", "fake", "fake/CACHEDIR.TAG", "fake/a", "mine", "mine/.nobackup",
                "short", "short/CACHEDIR.TAG", "short/a",
            ], Saved(tagged));
        Assert.Equal(["cache Tagged CACHEDIR.TAG", "mine Tagged .nobackup"], Marks(tagged));
        Assert.Equal(new LeftOutCounts { Tagged = 2 }, tagged.Snapshot.Counts.LeftOut);
        FileClock.Settle();
        // As it was, and then without the rule.
        BackupResult again = BackUp(static o => o with { ExcludeCaches = true, ExcludeIfPresent = [".nobackup"] });
        Assert.True(again.NothingChanged);
        Assert.Equal(Marks(tagged), Marks(again));
        Assert.Equal(all, Saved(BackUp()));
    }

    [Fact]
    public void A_root_with_a_tag_is_kept_with_that_alone_and_each_entry_is_marked()
    {
        Write("a", "d/b");
        File.WriteAllText(At("CACHEDIR.TAG"), Signature);
        BackupResult result = BackUp(static o => o with { ExcludeCaches = true });
        Assert.Equal(["CACHEDIR.TAG"], Saved(result));
        Assert.Equal(["a Tagged CACHEDIR.TAG", "d Tagged CACHEDIR.TAG"], Marks(result));
    }

    [Fact]
    public void Ignore_files_count_only_where_they_are_asked_for_and_a_tree_does_not_take_back_what_is_excluded()
    {
        Write("a.o", "d/a.o", "d/e/a.o", "d/e/b.o", "secret", "d/x");
        File.WriteAllText(At(".varveignore"), "*.o\n!secret\n/x\n");
        File.WriteAllText(At("d/e/.varveignore"), "# here\n!b.o\n");
        File.WriteAllText(At(".gitignore"), "*\n");
        string[] all = Saved(BackUp());
        Assert.Equal(11, all.Length);
        FileClock.Settle();
        BackupResult result = BackUp(static o => o with { IgnoreFiles = [".varveignore"], Excludes = ["secret", "!d/e/a.o"] });
        Assert.Equal([".gitignore", ".varveignore", "d", "d/e", "d/e/.varveignore", "d/e/a.o", "d/e/b.o", "d/x"], Saved(result));
        Assert.Equal(["a.o Ignored *.o .varveignore:1", "d/a.o Ignored *.o .varveignore:1", "secret Excluded secret"], Marks(result));
        Assert.Equal(new LeftOutCounts { Ignored = 2, Excluded = 1 }, result.Snapshot.Counts.LeftOut);
        Assert.Equal(all, Saved(BackUp()));
    }

    [Fact]
    public void What_becomes_excluded_leaves_the_next_snapshot_and_comes_back_when_the_rule_goes()
    {
        Write("d/a", "d/b/c", "e");
        Assert.Equal(["d", "d/a", "d/b", "d/b/c", "e"], Saved(BackUp()));
        FileClock.Settle();
        BackupResult without = BackUp(static o => o with { Excludes = ["d/"] });
        Assert.Equal(["e"], Saved(without));
        Assert.Equal(["d Excluded d/"], Marks(without));
        FileClock.Settle();
        BackupResult again = BackUp();
        Assert.Equal(["d", "d/a", "d/b", "d/b/c", "e"], Saved(again));
        Assert.Empty(Marks(again));
        Same();
    }

    [Fact]
    public void A_file_system_of_a_type_that_is_not_wanted_is_stored_empty()
    {
        Assert.SkipUnless(ZooPosix.IsRoot, "needs root");
        Write("here/a", "there/a");
        string place = At("there");
        try { Programs.Run("mount", "-t", "tmpfs", "none", place); }
        catch (IOException) { Assert.Skip("nothing can be mounted"); }
        try
        {
            File.WriteAllText(At("there/b"), "b");
            BackupResult result = BackUp(static o => o with { ExcludeFileSystems = ["nfs4", "tmpfs"] });
            Assert.Equal(["here", "here/a", "there"], Saved(result));
            Assert.Equal(1, result.Snapshot.Counts.LeftOut!.NotEntered);
            Assert.Contains("there/b", Saved(BackUp(static o => o with { ExcludeFileSystems = ["nfs4"] })));
        }
        finally { Programs.Run("umount", place); }
    }

    // What goes before what (docs/manual.md, Patterns): of two that disagree about a path the first column's decides.
    [Theory]
    [InlineData("what is below a directory that is left out is left out", "d/ !d/x", "", false, false, false)]
    [InlineData("the last rule goes before those before it", "x !x", "", false, false, true)]
    [InlineData("the last rule goes before those before it", "!x x", "", false, false, false)]
    [InlineData("a rule that excludes goes before an ignore file that includes", "x", "!x", false, false, false)]
    [InlineData("a rule that includes goes before an ignore file", "!x", "x", false, false, true)]
    [InlineData("a rule that includes goes before a size", "!x", "", false, true, true)]
    [InlineData("a rule that includes a directory goes before its tag", "!d/", "", true, false, true)]
    [InlineData("a rule that includes what is in it does not go before the tag of a directory", "!x", "", true, false, false)]
    [InlineData("an ignore file that includes does not go before a size", "", "!x", false, true, false)]
    [InlineData("a tag goes before an ignore file that includes", "", "!x", true, false, false)]
    [InlineData("a size counts where nothing else says anything", "", "", false, true, false)]
    [InlineData("nothing is left out that nothing says anything of", "", "", false, false, true)]
    public void Precedence_is_as_the_manual_says(string what, string rules, string ignoreFile, bool isTagged, bool isLarge, bool isKept)
    {
        Write("d/x", "d/y");
        File.WriteAllText(At("d/x"), new string('x', 100));
        if (ignoreFile.Length > 0) { File.WriteAllText(At("d/.varveignore"), ignoreFile + "\n"); }
        if (isTagged) { File.WriteAllText(At("d/CACHEDIR.TAG"), Signature); }
        BackupResult result = BackUp(o => o with
        {
            Excludes = rules.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            IgnoreFiles = [".varveignore"],
            ExcludeCaches = true,
            ExcludeLargerThan = isLarge ? 50 : null,
        });
        Assert.True(isKept == Saved(result).Contains("d/x"), what);
    }

    private static FileTime Time(int year) => FileTime.From(new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private void SetTime(string path, int year) => Directory.SetLastWriteTimeUtc(At(path), Time(year).ToDateTimeOffset().UtcDateTime);

    private void Set(string path, string name, string value)
    {
        try { ZooPosix.SetXattr(Encoding.UTF8.GetBytes(At(path)), name, Encoding.UTF8.GetBytes(value)); }
        catch (ZooException) { Assert.Skip("the file system has no such attributes"); }
    }

    private BackupResult BackUp(Func<BackupOptions, BackupOptions>? with = null)
    {
        BackupResult result = _vault.Backup(_source, with);
        Assert.Equal(0, result.FailureCount);
        return result;
    }

    private string[] Marks(BackupResult result)
    {
        using Repository repository = _vault.Open();
        return [.. repository.LeftOut(repository.FindSnapshot(result.Name.ToString())).Select(static e => string.Create(
            CultureInfo.InvariantCulture,
            $"{Encoding.UTF8.GetString(e.Path)} {e.Reason} {e.Rule}{(e.File is null ? "" : $" {e.File}:{e.Line}")}"))];
    }

    private string[] Saved(BackupResult result)
    {
        string target = System.IO.Path.Combine(_d.Path, "restored-" + Guid.NewGuid().ToString("N"));
        _vault.RestoreAll(target, result.Name);
        IEnumerable<string> all = Directory.GetFileSystemEntries(target, "*", SearchOption.AllDirectories);
        return [.. all.Select(p => p[(target.Length + 1)..]).Order(StringComparer.Ordinal)];
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
