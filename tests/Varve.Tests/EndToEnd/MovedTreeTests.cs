using System.Text;
using Varve.Backup;
using Varve.Backup.Commit;
using Varve.Catalog;
using Varve.History;
using Varve.History.Revisions;
using Varve.Model;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;
using FoundRevision = Varve.FoundRevision;

namespace Varve.Tests.EndToEnd;

/// <summary>Directories that were moved or renamed: what is in them is not read, and the catalog says where it was.</summary>
[Trait("Does", "race")]
[Trait("Takes", "minutes")]
public sealed class MovedTreeTests : VaultTest
{
    [Theory]
    [InlineData("tree", "zzz")] // found by the walk after its old place
    [InlineData("tree", "aaa")] // and before
    [InlineData("tree", "other/place/below")]
    public void A_renamed_tree_is_not_read(string from, string to)
    {
        Directory.CreateDirectory(At("other/place"));
        int entries = Tree(from);
        BackupResult first = Settled();
        Directory.Move(At(from), At(to));
        BackupResult second = _vault.BackupAll(_source);
        SnapshotCounts c = second.Snapshot.Counts;
        Assert.Equal((0L, (long)entries, 0L, 0L, 0L), (c.BytesRead, c.Moved, c.New, c.Changed, c.Gone));
        Assert.Equal(first.Snapshot.Counts.Files, c.Files);
        Assert.Equal(first.Snapshot.Counts.New, c.Unchanged + c.Moved);
        RestoresExactly();
        Assert.Equal($"{from}/a/b/2", MovedFrom($"{to}/a/b/2", second));
        Assert.Equal($"{from}/a/b", MovedFrom($"{to}/a/b", second));
        Assert.Equal(from, MovedFrom(to, second));
        Assert.Null(MovedFrom("stays", first));
        Same();
        BackupResult third = _vault.BackupAll(_source);
        Assert.True(third.NothingChanged);
        Assert.Equal(0, third.Snapshot.Counts.Moved);
        Assert.Equal($"{from}/a/b/2", MovedFrom($"{to}/a/b/2", second));
    }

    [Fact]
    public void A_tree_that_is_moved_back_is_not_read_either_time()
    {
        int entries = Tree("tree");
        Settled();
        for (int i = 0; i < 3; i++)
        {
            Directory.Move(At(i % 2 == 0 ? "tree" : "there"), At(i % 2 == 0 ? "there" : "tree"));
            SnapshotCounts c = _vault.BackupAll(_source).Snapshot.Counts;
            Assert.Equal((0L, (long)entries, 0L, 0L), (c.BytesRead, c.Moved, c.New, c.Gone));
            RestoresExactly();
        }

        Same();
    }

    [Fact]
    public void Trees_that_change_places_are_not_read()
    {
        int entries = Tree("one") + Tree("two", 4);
        Directory.CreateDirectory(At("one/only here"));
        File.WriteAllText(At("one/only here/file"), "only");
        Settled();
        Directory.Move(At("one"), At("t"));
        Directory.Move(At("two"), At("one"));
        Directory.Move(At("t"), At("two"));
        BackupResult second = _vault.BackupAll(_source);
        SnapshotCounts c = second.Snapshot.Counts;
        Assert.Equal((0L, entries + 1L, 0L, 0L), (c.BytesRead, c.Moved, c.New, c.Gone));
        RestoresExactly();
        Assert.Equal("two/a/b/2", MovedFrom("one/a/b/2", second));
        Assert.Equal("one/a/b/2", MovedFrom("two/a/b/2", second));
        Same();
    }

    [Fact]
    public void Of_a_tree_that_was_moved_and_changed_only_what_changed_is_read()
    {
        int entries = Tree("tree");
        Tree("replaced", 3);
        Settled();
        Directory.Delete(At("replaced"), true);
        Directory.Move(At("tree"), At("replaced"));
        File.WriteAllText(At("replaced/a/b/1"), "changed, and longer than before");
        File.Delete(At("replaced/a/b/3"));
        File.WriteAllText(At("replaced/new"), "new");
        ZooPosix.Chmod(ZooPosix.Path(At("replaced/a/0")), 0x180);
        Directory.Move(At("replaced/a/c"), At("back"));
        SnapshotCounts c = _vault.BackupAll(_source).Snapshot.Counts;
        long file = new FileInfo(At("replaced/a/0")).Length, others = "changed, and longer than before".Length + "new".Length;
        // A file with two names is read once, unless two threads come to both names at the same time.
        Assert.Contains(c.BytesRead - others, (long[])[file, 2 * file]);
        Assert.Equal(entries - 4, c.Moved); // the other name of a/0 is one of them
        RestoresExactly();
        Same();
    }

    [Fact]
    public void A_file_that_was_moved_itself_is_read_and_found_to_be_stored()
    {
        File.WriteAllBytes(At("file"), Desk.Bytes(1, 300_000));
        Settled();
        File.Move(At("file"), At("renamed"));
        SnapshotCounts c = _vault.BackupAll(_source).Snapshot.Counts;
        Assert.Equal((300_000L, 0L, 1L, 1L), (c.BytesRead, c.Moved, c.New, c.Gone));
        Assert.InRange(c.BytesAdded, 1, 10_000); // trees
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Force_and_ignore_inode_read_a_moved_tree(bool force, bool ignoreInode)
    {
        Tree("tree");
        Settled();
        Directory.Move(At("tree"), At("there"));
        SnapshotCounts c = _vault.BackupAll(_source, o => o with { Force = force, IgnoreInode = ignoreInode }).Snapshot.Counts;
        Assert.Equal(0, c.Moved);
        Assert.InRange(c.BytesRead, 1, long.MaxValue);
        RestoresExactly();
    }

    [Fact]
    public void A_large_tree_is_taken_over_while_checkpoints_close_its_old_rows()
    {
        for (int i = 0; i < 400; i++)
        {
            string directory = Directory.CreateDirectory(At($"x/{i % 20}/{i}")).FullName;
            for (int j = 0; j < 10; j++) { File.WriteAllText($"{directory}/{j}", $"{i} {j}"); }
        }

        Settled();
        // Half of it lies after its old place, half before: so rows that are looked for are open, closed and committed, or closed and not.
        Directory.CreateDirectory(At("a"));
        Directory.CreateDirectory(At("z"));
        for (int i = 0; i < 20; i++) { Directory.Move(At($"x/{i}"), At($"{(i % 2 == 0 ? "a" : "z")}/{i}")); }
        SnapshotCounts c = _vault.BackupAll(_source, o => o with { Checkpoints = new CheckpointPolicy(TimeSpan.Zero, 1, 1) })
            .Snapshot.Counts;
        Assert.Equal((0L, 4000L, 0L, 0L), (c.BytesRead, c.Moved, c.New, c.Gone));
        RestoresExactly();
        Same();
    }

    [Fact]
    public void An_interrupted_run_goes_on_without_reading_and_links_to_where_the_last_snapshot_had_it()
    {
        for (int i = 0; i < 2000; i++)
        {
            Directory.CreateDirectory(At($"x/{i:0000}"));
            File.WriteAllText(At($"x/{i:0000}/file"), $"{i}");
        }

        Settled();
        Directory.Move(At("x"), At("y"));
        using (var interruption = new Interruption(static p => p.Directories >= 100))
        {
            Assert.Throws<OperationCanceledException>(() => _vault.Backup(_source, null, interruption.Monitor, interruption.Token));
        }

        Directory.Move(At("y"), At("z"));
        BackupResult result = _vault.BackupAll(_source);
        Assert.True(result.Resumed);
        Assert.Equal(0, result.Snapshot.Counts.BytesRead);
        Assert.Equal("x/0007/file", MovedFrom("z/0007/file", result));
        Assert.Equal("x/1993/file", MovedFrom("z/1993/file", result));
        RestoresExactly();
        Same();
    }

    [Theory]
    [Trait("Needs", "root")]
    [InlineData("256")]
    [InlineData("128")] // no birth times
    public void Inode_numbers_that_other_files_got_are_not_mistaken(string inodeSize)
    {
        string image = System.IO.Path.Combine(_d.Path, "image");
        Programs.Run("truncate", "-s", "16M", image);
        Programs.Run("mkfs.ext4", "-q", "-F", "-I", inodeSize, image);
        Programs.Run("mount", "-o", "loop", image, _source);
        try
        {
            var time = new DateTime(2021, 2, 3, 4, 5, 6, DateTimeKind.Utc);
            ulong Make(string name, char content)
            {
                Directory.CreateDirectory(At(name));
                for (int i = 0; i < 20; i++)
                {
                    File.WriteAllText(At($"{name}/{i}"), new string(content, 100));
                    File.SetLastWriteTimeUtc(At($"{name}/{i}"), time);
                }

                Directory.SetLastWriteTimeUtc(At(name), time.AddSeconds(content));
                return Inode($"{name}/7");
            }

            ulong old = Make("old", 'o'), oldDirectory = Inode("old");
            FileClock.SettleCoarse();
            _vault.BackupAll(_source);
            _vault.BackupAll(_source);
            Directory.Delete(At("old"), true);
            Assert.Equal(old, Make("new", 'n'));
            Assert.Equal(oldDirectory, Inode("new"));
            SnapshotCounts c = _vault.BackupAll(_source).Snapshot.Counts;
            Assert.Equal((0L, 20L, 20L), (c.Moved, c.New, c.Gone));
            // Where stamps are coarse, what was changed just now is looked at once more when the tick is over.
            Assert.Contains(c.BytesRead, (long[])[2000, 4000]);
            string target = System.IO.Path.Combine(_d.Path, "restored");
            _vault.Restore(target);
            Assert.Equal(new string('n', 100), File.ReadAllText(target + "/new/7"));
            Assert.Empty(Rows("SELECT path FROM moves"));
        }
        finally { Programs.Run("umount", "-l", _source); }
    }

    [Fact]
    [Trait("Needs", "root")]
    public void The_same_inode_on_another_file_system_is_not_mistaken_though_everything_else_is_equal()
    {
        string[] mounts = [Directory.CreateDirectory(At("a")).FullName, Directory.CreateDirectory(At("b")).FullName];
        bool alike = false;
        // Until both were made within a tick of the clock.
        for (int i = 0; i < 300 && !alike; i++)
        {
            foreach (string mount in mounts)
            {
                if (i > 0) { Programs.Run("umount", "-l", mount); }
                Programs.Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", mount);
            }

            foreach (string mount in mounts) { Directory.CreateDirectory(mount + "/x"); }
            foreach (string mount in mounts) { File.WriteAllText(mount + "/x/file", mount[^1..]); }
            alike = Look("a/x") == Look("b/x") && Look("a/x/file") == Look("b/x/file");
        }

        try
        {
            Assert.True(alike, "the file systems never came out alike");
            FileClock.Settle();
            _vault.BackupAll(_source, o => o with { Excludes = ["b/x"] });
            SnapshotCounts c = _vault.BackupAll(_source, o => o with { Excludes = ["a/x"] }).Snapshot.Counts;
            Assert.Equal((1L, 0L), (c.BytesRead, c.Moved));
            string target = System.IO.Path.Combine(_d.Path, "restored");
            _vault.Restore(target);
            Assert.Equal("b", File.ReadAllText(target + "/b/x/file"));
            Assert.Empty(Rows("SELECT path FROM moves"));
            Same();
        }
        finally
        {
            foreach (string mount in mounts) { Programs.Run("umount", "-l", mount); }
        }
    }

    /// <summary>A tree with a bit of everything; how many entries that are no directories.</summary>
    private int Tree(string name, int files = 30)
    {
        if (!File.Exists(At("stays"))) { File.WriteAllText(At("stays"), "it stays"); }
        foreach (string directory in (string[])["a/b", "a/c", "empty"]) { Directory.CreateDirectory(At($"{name}/{directory}")); }
        for (int i = 0; i < files; i++)
        {
            foreach (string directory in (string[])["a", "a/b", "a/c"])
            {
                File.WriteAllText(At($"{name}/{directory}/{i}"), $"{name} {directory} {i}");
            }
        }

        File.CreateSymbolicLink(At($"{name}/link"), "a/b");
        ZooPosix.Link(ZooPosix.Path(At($"{name}/a/0")), ZooPosix.Path(At($"{name}/a/b/hard")));
        ZooPosix.MakeNode(ZooPosix.Path(At($"{name}/fifo")), 0x1000 | 0x1A4, 0, 0);
        ZooPosix.SetXattr(ZooPosix.Path(At($"{name}/a/c/1")), "user.note", "kept"u8.ToArray());
        File.WriteAllBytes(At($"{name}/large"), Desk.Bytes(7, 5 << 20));
        return (3 * files) + 4;
    }

    private BackupResult Settled()
    {
        FileClock.Settle();
        return _vault.BackupAll(_source);
    }

    private void RestoresExactly()
    {
        string target = System.IO.Path.Combine(_d.Path, "restored");
        _vault.RestoreAll(target);
        Assert.Empty(TreeCompare.Compare(_source, target));
        Directory.Delete(target, true);
    }

    private string? MovedFrom(string path, BackupResult since)
    {
        using Repository repository = _vault.Open();
        var found = new List<FoundRevision>();
        Finder.Run(repository, _source + "/" + path, ignoreCase: false, new SourceFilter(), new RevisionConditions(), found.Add,
            CancellationToken.None);
        byte[]? from = Assert.Single(found, f => f.First == since.Name).MovedFrom;
        return from is null ? null : Encoding.UTF8.GetString(from);
    }

    private List<string> Rows(string sql)
    {
        using Repository repository = _vault.Open();
        var rows = new List<string>();
        CatalogSql.Query(repository.CatalogPath, sql, static _ => { }, row => rows.Add(string.Join(' ', row)));
        return rows;
    }

    private ulong Inode(string path) =>
        ulong.Parse(Programs.Run("stat", "-c", "%i", At(path)), System.Globalization.CultureInfo.InvariantCulture);

    private string Look(string path) => Programs.Run("stat", "-c", "%i %s %y %z %w", At(path));

    private new void Same()
    {
        base.Same();
        _vault.Check(readData: false);
    }
}
