using Varve.Model;
using Varve.Platform;
using Varve.Store;
using Varve.Tests.Kit;
using Varve.Tests.Platform;

namespace Varve.Tests.Store;

/// <summary>Invariant 2: temporary file, fsync, rename, fsync of the directory; and what is left when that stops anywhere.</summary>
[Trait("Does", "race")]
public sealed class LocalStoreCrashTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void An_object_is_synced_before_it_gets_its_name_and_the_directory_after()
    {
        using LocalStore store = LocalStore.Create(Path.Combine(_scratch.Path, "r"));
        const SystemCall Mkdir = SystemCall.MakeDirectory, Fsync = SystemCall.Sync, Lock = SystemCall.Lock, Write = SystemCall.Write,
            Rename = SystemCall.Rename;
        SystemCall[] made = [Mkdir, Fsync];
        Assert.Equal([.. made, .. made, .. made, Lock, Write, Fsync, Rename, Fsync], Steps(() => store.Put("packs/ab/1", "x"u8)));
        Assert.Equal([Lock, Write, Fsync, Rename, Fsync], Steps(() => store.Put("packs/ab/2", "x"u8)));
        Assert.Equal([Fsync], Steps(() => store.Put("packs/ab/2", "x"u8)));
        Assert.Equal([.. made, Lock, Write, Fsync, Lock, Rename, Lock, Fsync], Steps(() => store.Replace("sessions/1", "x"u8)));
    }

    [Fact]
    public void Directories_another_process_made_are_synced_before_their_first_use()
    {
        using LocalStore other = LocalStore.Create(Path.Combine(_scratch.Path, "r"));
        other.Put("packs/ab/1", "x"u8);
        using var store = new LocalStore(other.Description);
        Assert.Equal([SystemCall.MakeDirectory, SystemCall.Sync, SystemCall.MakeDirectory, SystemCall.Sync, SystemCall.Sync],
            Steps(() => store.Put("packs/ab/1", "x"u8)));
    }

    [Fact]
    public void Making_the_root_syncs_its_parents() =>
        Assert.Equal([SystemCall.MakeDirectory, SystemCall.Sync, SystemCall.MakeDirectory, SystemCall.Sync],
        Steps(() => LocalStore.Create(Path.Combine(_scratch.Path, "a", "b")).Dispose()).Take(4));

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
                using (new SystemCallWatch((call, _, _) =>
                {
                    if (!SystemCallWatch.IsStep(call)) { return 0; }
                    if (step++ == crashAt) { throw new InvalidOperationException("crash"); }
                    renamed |= call == SystemCall.Rename;
                    return 0;
                }))
                {
                    try
                    {
                        if (replace) { store.Replace(Key, "after"u8); } else { store.Put(Key, "after"u8); }
                        steps = step;
                    }
                    catch (InvalidOperationException) { }
                }

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
        using (new SystemCallWatch((call, _, _) =>
        {
            // Between creation and lock: the one moment in which a living writer's file looks like a dead one's.
            if (call == SystemCall.Lock && removed == 0) { removed += cleaner.CleanUp(); }
            return 0;
        }))
        {
            Assert.True(store.Put("index/a", "x"u8));
        }

        Assert.Equal(1, removed);
        Assert.Equal("x"u8.ToArray(), store.Get("index/a", 10));
    }

    [Fact]
    public void Sessions_are_not_listed_while_one_is_renamed()
    {
        using LocalStore store = LocalStore.Create(Path.Combine(_scratch.Path, "r"));
        store.Replace("sessions/1", "x"u8);
        Assert.Equal(0, Posix.OpenAt(_scratch.Fd, "r/sessions"u8, Posix.O_RDONLY, out SafeFd directory));
        int whileRenaming = 0;
        using (new SystemCallWatch((call, _, _) =>
        {
            if (call == SystemCall.Rename) { whileRenaming = Posix.Lock(directory.Value, Posix.LOCK_EX | Posix.LOCK_NB); }
            return 0;
        }))
        {
            store.Replace("sessions/1", "y"u8);
        }

        Assert.Equal(Errno.EAGAIN, whileRenaming);

        Assert.Equal(0, Posix.Lock(directory.Value, Posix.LOCK_SH)); // as a writer does while it renames
        int tries = 0;
        bool isTaken = true, wasEarly = false;
        using (new SystemCallWatch((call, _, _) =>
        {
            if (call == SystemCall.List) { wasEarly |= isTaken; }
            if (call == SystemCall.Lock && ++tries == 3)
            {
                isTaken = false;
                Posix.Lock(directory.Value, Posix.LOCK_UN);
            }

            return 0;
        }))
        {
            Assert.Single(store.List("sessions/"));
        }

        Assert.Equal((4, false), (tries, wasEarly)); // the last gives it back
        directory.Close();
    }

    [Fact]
    public void Who_was_stopped_with_the_lock_of_sessions_stops_nobody_else()
    {
        using LocalStore store = LocalStore.Create(Path.Combine(_scratch.Path, "r"));
        store.Replace("sessions/1", "x"u8);
        Assert.Equal(0, Posix.OpenAt(_scratch.Fd, "r/sessions"u8, Posix.O_RDONLY, out SafeFd stopped));
        Assert.Equal(0, Posix.Lock(stopped.Value, Posix.LOCK_EX));
        Within.Run(() => store.Replace("sessions/1", "y"u8));
        Assert.Equal("y"u8.ToArray(), store.Get("sessions/1", 10));
        int readings = 0;
        using (new SystemCallWatch((call, _, _) =>
        {
            if (call == SystemCall.List) { readings++; }
            return 0;
        }))
        {
            Assert.Single(Within.Run(() => store.List("sessions/").ToArray()));
        }

        Assert.Equal(4, readings); // twice to its end: a writer may have renamed, for whom the lock is no hindrance either
        stopped.Close();
    }

    [Fact]
    public void A_listing_of_sessions_that_was_stopped_looks_again()
    {
        using LocalStore store = LocalStore.Create(Path.Combine(_scratch.Path, "r"));
        store.Replace("sessions/1", "x"u8);
        int readings = 0;
        using (new SystemCallWatch((call, _, _) =>
        {
            // Stopped with the lock, for as long as a writer has patience.
            if (call == SystemCall.List && readings++ == 0) { Within.Run(() => store.Replace("sessions/1", "y"u8)); }
            return 0;
        }))
        {
            Assert.Single(store.List("sessions/"));
        }

        Assert.Equal(4, readings);
    }

    private static IReadOnlyList<SystemCall> Steps(Action action)
    {
        using var watch = new SystemCallWatch();
        action();
        return watch.Steps;
    }
}
