using System.Text;
using Varve.Platform;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Trees;

namespace Varve.Tests.App.Daemon.Changes;

/// <summary>What happens in a watched tree, by whatever way, is in the next snapshot, which looks only where it happened.</summary>
[Trait("Needs", "root")]
public sealed class TreeWatchTests : IDisposable
{
    private readonly WatchedTree _tree;

    public TreeWatchTests()
    {
        Assert.SkipUnless(Posix.EffectiveUser() == 0, "Needs root");
        _tree = new WatchedTree();
        foreach (string d in (string[])["a", "a/b", "c", "c/d/e", "f"])
        {
            _tree.Write(d + "/one", d);
            _tree.Write(d + "/two", d + " two");
        }

        FileClock.Settle();
        _tree.Run();
        FileClock.Settle();
    }

    public void Dispose() => _tree.Dispose();

    [Theory]
    [InlineData("echo new > tree/a/b/new")]
    [InlineData("echo more >> tree/c/one")]
    [InlineData("truncate -s 1 tree/c/d/e/one")]
    [InlineData("chmod 600 tree/a/one")]
    [InlineData("chmod 700 tree/c/d")]
    [InlineData("chown 12:34 tree/c/d tree/a/one")]
    [InlineData("touch -d 2001-02-03 tree/a/b/one")]
    [InlineData("setfattr -n user.test -v x tree/a/b/two")]
    [InlineData("setfattr -n user.test -v x tree/c/d")]
    [InlineData("mkdir tree/f/new && echo x > tree/f/new/file")]
    [InlineData("ln -s one tree/f/link && mkfifo tree/f/fifo")]
    [InlineData("chmod 711 tree")]
    [InlineData("setfattr -n user.test -v x tree")]
    [InlineData("rm tree/a/one")]
    [InlineData("rm -r tree/c/d")]
    [InlineData("mv tree/a/one tree/f/moved")]
    [InlineData("mv tree/a/one tree/f/one")]
    [InlineData("mv tree/c/d tree/a/d")]
    [InlineData("mv tree/c tree/a/c && echo x > tree/a/c/d/e/late")]
    [InlineData("mv tree/c outside/c && mv outside/c tree/c2")]
    [InlineData("mkdir -p outside/x/y && echo x > outside/x/y/z && mv outside/x tree/a/b/x")]
    [InlineData("ln tree/a/one tree/f/linked")]
    [InlineData("ln tree/a/one outside/linked && echo more >> outside/linked")]
    [InlineData("cp tree/a/one outside/copy && ln outside/copy tree/f/linked && echo more >> outside/copy && rm outside/copy")]
    [InlineData("rm -r tree/c/d && mkdir -p tree/c/d/e")]
    [InlineData("cp --reflink=auto tree/a/one tree/f/copy")]
    public void Whatever_happens_is_in_the_next_snapshot(string what)
    {
        Programs.Run("sh", "-ec", $"cd {_tree.Disk}; {what}");
        BackupResult result = _tree.RunAtRest();
        Assert.Null(_tree.WhyAll);
        Assert.False(result.NothingChanged);
        _tree.Judge(what);
    }

    [Fact]
    public void A_name_outside_under_which_a_file_of_the_tree_is_written_and_removed_has_the_others_looked_at()
    {
        Programs.Run("sh", "-ec", $"cd {_tree.Disk}; ln tree/c/d/e/one outside/linked");
        _tree.RunAtRest();
        _tree.Judge();
        FileClock.Settle();
        Programs.Run("sh", "-ec", $"cd {_tree.Disk}; echo more >> outside/linked");
        _tree.RunAtRest();
        Assert.Null(_tree.WhyAll);
        _tree.Judge("written");
        FileClock.Settle();
        Programs.Run("sh", "-ec", $"cd {_tree.Disk}; echo more >> outside/linked; rm outside/linked");
        _tree.RunAtRest();
        Assert.Null(_tree.WhyAll);
        _tree.Judge("written and removed");
    }

    [Fact]
    public void What_is_stored_through_a_mapping_that_stays_is_found_by_each_run()
    {
        using (var writer = new MappedWriter(Sized("a/b/mapped")))
        {
            _tree.RunAtRest();
            _tree.Judge();
            for (int i = 1; i < 4; i++)
            {
                writer.Store(i);
                _tree.RunAtRest();
                Assert.Null(_tree.WhyAll);
                Assert.Contains("a/b", _tree.Told);
                _tree.Judge($"stored {i}");
            }

            writer.Store(9);
        }

        _tree.RunAtRest();
        Assert.Contains("a/b", _tree.Told);
        Assert.Null(_tree.WhyAll);
        _tree.Judge("no longer mapped");
    }

    [Fact]
    public void A_run_that_fails_gives_back_what_it_was_told()
    {
        _tree.Write("a/one", "changed");
        FileClock.Settle();
        _tree.Run(fails: true);
        Assert.Contains("a", _tree.Told);
        Assert.NotNull(_tree.Watch.Changed);
        _tree.Write("f/one", "changed");
        _tree.RunAtRest();
        Assert.Null(_tree.WhyAll);
        Assert.Superset(new HashSet<string>(["a", "f"]), new HashSet<string>(_tree.Told));
        _tree.Judge();
    }

    [Fact]
    public void Where_nothing_happens_nothing_is_told()
    {
        Programs.Run("sh", "-ec", $"cd {_tree.Disk}; echo x > outside/file; cat tree/a/one; ls -lR tree");
        Assert.True(_tree.RunAtRest().NothingChanged);
        Assert.Null(_tree.WhyAll);
        Assert.Empty(_tree.Told);
    }

    [Fact]
    public void A_backup_by_hand_has_everything_looked_at_and_the_one_after_it_not()
    {
        _tree.Vault.Backup(_tree.Root);
        _tree.RunAtRest();
        Assert.Equal("the snapshot before is another", _tree.WhyAll);
        _tree.Write("a/one", "changed");
        _tree.RunAtRest();
        Assert.Null(_tree.WhyAll);
        _tree.Judge();
    }

    [Fact]
    public void A_mount_in_the_tree_or_over_it_ends_the_watch_and_what_is_there_is_in_the_snapshot()
    {
        Programs.Run("mount", "--bind", _tree.Outside, _tree.At("f"));
        File.WriteAllText(Path.Combine(_tree.Outside, "seen"), "seen");
        Poll.Until(() => _tree.Watch.IsOver, "the mount was noticed");
        Programs.Run("umount", _tree.At("f"));
        _tree.RunAtRest();
        Assert.NotNull(_tree.WhyAll);
        _tree.Judge("after the mount");
        _tree.Write("a/one", "changed");
        _tree.RunAtRest();
        Assert.Null(_tree.WhyAll);
        _tree.Judge("and on");
    }

    [Fact]
    public void Of_a_tree_with_a_mount_in_it_everything_is_looked_at_each_time()
    {
        Programs.Run("mount", "--bind", _tree.Outside, _tree.At("f"));
        File.WriteAllText(Path.Combine(_tree.Outside, "seen"), "seen");
        Poll.Until(() => _tree.Watch.IsOver, "the mount was noticed");
        Assert.Null(Varve.App.Daemon.Changes.TreeWatch.Begin(Encoding.UTF8.GetBytes(_tree.Root), [], TimeProvider.System, static () => { },
            out string reason));
        Assert.EndsWith("/tree/f is mounted in it", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_others_change_while_a_run_goes_on_is_in_the_next()
    {
        using var stop = new CancellationTokenSource();
        var random = new Random(1);
        var changing = new Thread(() =>
        {
            while (!stop.IsCancellationRequested) { RandomChange.Make(_tree.Root, random); }
        });
        changing.Start();
        for (int i = 0; i < 5; i++) { _tree.Run(); }
        stop.Cancel();
        changing.Join();
        _tree.RunAtRest();
        _tree.Judge();
    }

    private string Sized(string path)
    {
        _tree.Write(path, new string('x', 8192));
        return _tree.At(path);
    }
}
