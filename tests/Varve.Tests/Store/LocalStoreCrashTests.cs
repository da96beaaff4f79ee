using Varve.Model;
using Varve.Platform;
using Varve.Store;
using Varve.Tests.Platform;
using Varve.Tests.Support;

namespace Varve.Tests.Store;

/// <summary>Invariant 2: temporary file, fsync, rename, fsync of the directory; and what is left when that stops anywhere.</summary>
public sealed class LocalStoreCrashTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    public void Dispose()
    {
        Posix.Observer = null;
        _scratch.Dispose();
    }

    [Fact]
    public void An_object_is_synced_before_it_gets_its_name_and_the_directory_after()
    {
        using LocalStore store = LocalStore.Create(Path.Combine(_scratch.Path, "r"));
        string[] made = ["mkdir", "fsync"];
        Assert.Equal([.. made, .. made, .. made, "lock", "write", "fsync", "rename", "fsync"], Steps(() => store.Put("packs/ab/1", "x"u8)));
        Assert.Equal(["lock", "write", "fsync", "rename", "fsync"], Steps(() => store.Put("packs/ab/2", "x"u8)));
        Assert.Equal(["fsync"], Steps(() => store.Put("packs/ab/2", "x"u8)));
        Assert.Equal([.. made, "lock", "write", "fsync", "lock", "rename", "fsync"], Steps(() => store.Replace("sessions/1", "x"u8)));
    }

    [Fact]
    public void Directories_another_process_made_are_synced_before_their_first_use()
    {
        using LocalStore other = LocalStore.Create(Path.Combine(_scratch.Path, "r"));
        other.Put("packs/ab/1", "x"u8);
        using var store = new LocalStore(other.Description);
        Assert.Equal(["mkdir", "fsync", "mkdir", "fsync", "fsync"], Steps(() => store.Put("packs/ab/1", "x"u8)));
    }

    [Fact]
    public void Making_the_root_syncs_its_parents() =>
        Assert.Equal(["mkdir", "fsync", "mkdir", "fsync"], Steps(() => LocalStore.Create(Path.Combine(_scratch.Path, "a", "b")).Dispose()));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_crash_at_any_step_leaves_the_object_whole_or_not_at_all(bool replace)
    {
        const string Key = "sessions/1";
        int steps = int.MaxValue;
        for (int crashAt = 0; crashAt < steps; crashAt++)
        {
            string root = Path.Combine(_scratch.Path, $"r{crashAt}");
            byte[]? before = null;
            if (replace)
            {
                before = "before"u8.ToArray();
                using LocalStore first = LocalStore.Create(root);
                first.Replace(Key, before);
            }

            using (LocalStore store = LocalStore.Create(root))
            {
                int step = 0;
                bool renamed = false;
                Posix.Observer = s =>
                {
                    if (step++ == crashAt) { throw new InvalidOperationException("crash"); }
                    renamed |= s == "rename";
                };
                try
                {
                    if (replace) { store.Replace(Key, "after"u8); } else { store.Put(Key, "after"u8); }
                    steps = step;
                }
                catch (InvalidOperationException)
                {
                }

                Posix.Observer = null;
                using var reopened = new LocalStore(root);
                byte[]? expected = renamed ? "after"u8.ToArray() : before;
                Assert.Equal(expected, reopened.Get(Key, 100));
                Assert.Equal(expected is null ? 0 : 1, reopened.List("").Count());
                reopened.CleanUp();
                Assert.Empty(Directory.Exists(Path.Combine(root, "tmp")) ? Directory.GetFiles(Path.Combine(root, "tmp")) : []);
                reopened.Replace(Key, "again"u8);
                Assert.Equal("again"u8.ToArray(), reopened.Get(Key, 100));
            }
        }

        Assert.InRange(steps, 5, 20);
    }

    [Fact]
    public void A_temporary_file_that_a_cleaner_took_for_abandoned_is_made_again()
    {
        using LocalStore store = LocalStore.Create(Path.Combine(_scratch.Path, "r"));
        using var cleaner = new LocalStore(store.Description);
        int removed = 0;
        Posix.Observer = step =>
        {
            // Between creation and lock: the one moment in which a living writer's file looks like a dead one's.
            if (step != "lock" || removed > 0) { return; }
            Action<string> self = Posix.Observer!;
            Posix.Observer = null;
            removed += cleaner.CleanUp();
            Posix.Observer = self;
        };
        Assert.True(store.Put("index/a", "x"u8));
        Posix.Observer = null;
        Assert.Equal(1, removed);
        Assert.Equal("x"u8.ToArray(), store.Get("index/a", 10));
    }

    [Fact]
    public void Sessions_are_not_listed_while_one_is_renamed()
    {
        using LocalStore store = LocalStore.Create(Path.Combine(_scratch.Path, "r"));
        store.Replace("sessions/1", "x"u8);
        int directory = Posix.OpenAt(_scratch.Fd, "r/sessions"u8, Posix.O_RDONLY | Posix.O_CLOEXEC);
        int whileRenaming = 0;
        Posix.Observer = step =>
        {
            if (step != "rename") { return; }
            Posix.Observer = null;
            whileRenaming = Posix.Lock(directory, Posix.LOCK_EX | Posix.LOCK_NB);
        };
        store.Replace("sessions/1", "y"u8);
        Posix.Observer = null;
        Assert.Equal(-1, whileRenaming);

        Assert.Equal(0, Posix.Lock(directory, Posix.LOCK_SH)); // as a writer does while it renames
        int listed = 0;
        var lister = new Thread(() => listed = store.List("sessions/").Count());
        lister.Start();
        Assert.Equal(0, Posix.Stat(directory, out EntryStat stat));
        string waiting = $":{stat.Inode} 0 EOF";
        Poll.Until(() => File.ReadLines("/proc/locks").Any(l => l.Contains("-> FLOCK", StringComparison.Ordinal) && l.EndsWith(waiting, StringComparison.Ordinal)), "the listing waits for the lock");
        Posix.Lock(directory, Posix.LOCK_UN);
        lister.Join();
        Assert.Equal(1, listed);
        _ = Posix.Close(directory);
    }

    private static List<string> Steps(Action action)
    {
        var steps = new List<string>();
        Posix.Observer = steps.Add;
        action();
        Posix.Observer = null;
        return steps;
    }
}
