using System.Collections.Concurrent;
using System.Text;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Processes;
using Varve.Walk;

namespace Varve.Tests.Walk;

[Trait("Does", "race")]
public sealed class WalkerTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();
    private readonly EntryTablePool _tables = new();
    private readonly RecordingVisitor _visitor;

    public WalkerTests() => _visitor = new RecordingVisitor(_tables);

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData(1, 4096)]
    [InlineData(2, 4096)]
    [InlineData(8, 4096)]
    [InlineData(1, 1)]
    [InlineData(4, 2)]
    [InlineData(4, 10)]
    public void Every_entry_is_seen_once_with_its_stat(int threads, int open)
    {
        var expected = new SortedSet<string>(StringComparer.Ordinal);
        Populate(_scratch.Path, "", new Random(7), 5, expected);
        Walk(threads, open);
        Assert.InRange(expected.Count, 500, 50_000);
        Assert.Equal(expected, _visitor.Entries.Keys.Order(StringComparer.Ordinal));
        Assert.All(_visitor.Visits, v => Assert.Equal(1, v.Value));
        Assert.Equal(1 + _visitor.Entries.Count(e => e.Value.Kind == EntryKind.Directory), _visitor.Visits.Count);
        Assert.Empty(_visitor.Failures);
        foreach ((string path, EntryStat stat) in _visitor.Entries)
        {
            Assert.Equal(0, Posix.StatAt(_scratch.Fd, Encoding.Latin1.GetBytes(path), out EntryStat alone));
            Assert.Equal((alone.Inode, alone.Kind, alone.Size, alone.Mtime, alone.Ctime, alone.Mode),
                (stat.Inode, stat.Kind, stat.Size, stat.Mtime, stat.Ctime, stat.Mode));
        }
    }

    [Fact]
    public void Names_are_bytes()
    {
        byte[][] names = ["line\nbreak"u8.ToArray(), [0xff, 0xfe, 0x80], "-rf"u8.ToArray(), Enumerable.Repeat((byte)0xe4, 255).ToArray(),
            " "u8.ToArray(), [1], "..."u8.ToArray()];
        foreach (byte[] name in names)
        {
            Assert.Equal(0, Posix.MakeDirectoryAt(_scratch.Fd, name, 0x1c0));
            Assert.Equal(0, EntryReader.OpenDirectory(_scratch.Fd, name, out SafeFd directory));
            _scratch.Touch(name, directory.Value);
            directory.Close();
        }

        Walk(2);
        string[] expected = [.. names.Select(Encoding.Latin1.GetString).SelectMany(n => new[] { n, n + "/" + n })];
        Assert.Equal(expected.Order(StringComparer.Ordinal), _visitor.Entries.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(1, 4096)]
    [InlineData(1, 16)]
    [InlineData(3, 100)]
    public void A_tree_5000_levels_deep_with_siblings_at_each_is_walked_with_few_descriptors(int threads, int open)
    {
        const int Depth = 5000;
        byte[] name = "a-directory-name-that-makes-the-path-long"u8.ToArray();
        int at = _scratch.Fd;
        for (int i = 0; i < Depth; i++)
        {
            _scratch.Touch("file"u8, at);
            Assert.Equal(0, Posix.MakeDirectoryAt(at, "another"u8, 0x1c0)); // sorts behind, so it waits while the walk goes down
            Assert.Equal(0, Posix.MakeDirectoryAt(at, name, 0x1c0));
            Assert.Equal(0, EntryReader.OpenDirectory(at, name, out SafeFd next));
            if (at != _scratch.Fd) { _ = Posix.Close(at); }
            at = next.Value;
        }

        _ = Posix.Close(at);
        var counter = new DeepTreeVisitor(_tables, _scratch.Path);
        using (var root = new RootHandle(_scratch))
        {
            new Walker<object>(counter, _tables, new WalkOptions { Threads = threads, OpenDirectories = open }).Run(root.Handle, counter,
                default);
        }
        Assert.Empty(counter.Failures);
        Assert.Equal(2 * Depth + 1, counter.Visits);
        Assert.Equal(3 * Depth, counter.Entries);
        // Beyond the budget: the root, and what each thread has in its hands.
        Assert.InRange(counter.MostOpen, 1, open + 2 + 4 * threads);
    }

    [Fact]
    public void A_tree_without_end_is_walked_to_the_last_level_and_what_lies_below_is_a_failure()
    {
        int at = _scratch.Fd;
        for (int i = 0; i < WalkOptions.MostLevels + 3; i++)
        {
            Assert.Equal(0, Posix.MakeDirectoryAt(at, "again"u8, 0x1c0));
            Assert.Equal(0, EntryReader.OpenDirectory(at, "again"u8, out SafeFd next));
            if (at != _scratch.Fd) { _ = Posix.Close(at); }
            at = next.Value;
        }

        _ = Posix.Close(at);
        var counter = new DeepTreeVisitor(_tables, _scratch.Path);
        using (var root = new RootHandle(_scratch))
        {
            new Walker<object>(counter, _tables, new WalkOptions { Threads = 1 }).Run(root.Handle, counter, default);
        }
        Assert.Equal(WalkOptions.MostLevels + 1, counter.Visits);
        Assert.Equal(WalkOptions.TooDeep, Assert.Single(counter.Failures).Message);
    }

    [Fact]
    public void Symlinks_are_entries_and_never_followed()
    {
        Directory.CreateDirectory(Path.Combine(_scratch.Path, "real"));
        File.WriteAllText(Path.Combine(_scratch.Path, "real", "file"), "");
        File.CreateSymbolicLink(Path.Combine(_scratch.Path, "loop"), ".");
        File.CreateSymbolicLink(Path.Combine(_scratch.Path, "real", "up"), "..");
        File.CreateSymbolicLink(Path.Combine(_scratch.Path, "dangling"), "nowhere");
        Walk(2);
        Assert.Equal(["dangling", "loop", "real", "real/file", "real/up"], _visitor.Entries.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(EntryKind.Symlink, _visitor.Entries["loop"].Kind);
    }

    [Fact]
    public void A_directory_swapped_for_a_symlink_after_it_was_listed_is_a_failure()
    {
        Directory.CreateDirectory(Path.Combine(_scratch.Path, "victim"));
        Directory.CreateDirectory(Path.Combine(_scratch.Path, "secret"));
        File.WriteAllText(Path.Combine(_scratch.Path, "secret", "file"), "");
        _visitor.OnVisit = (node, _, _) =>
        {
            if (node.Length > 0) { return; }
            Directory.Delete(Path.Combine(_scratch.Path, "victim"));
            File.CreateSymbolicLink(Path.Combine(_scratch.Path, "victim"), "secret");
        };
        Walk(1);
        (string node, Failure failure) = Assert.Single(_visitor.Failures);
        Assert.Equal(("victim", Errno.ENOTDIR, FailedOperation.List), (node, failure.Errno, failure.Operation));
        Assert.DoesNotContain("victim/file", _visitor.Entries.Keys);
        Assert.Contains("secret/file", _visitor.Entries.Keys);
    }

    [Fact]
    public void A_directory_swapped_for_another_is_visited_as_what_it_is_now()
    {
        Directory.CreateDirectory(Path.Combine(_scratch.Path, "a"));
        ulong listed = 0, opened = 0, now = 0;
        _visitor.OnVisit = (node, handle, _) =>
        {
            if (node == "a") { opened = handle.Stat.Inode; }
            if (node.Length > 0) { return; }
            Directory.Move(Path.Combine(_scratch.Path, "a"), Path.Combine(_scratch.Path, "old"));
            Directory.CreateDirectory(Path.Combine(_scratch.Path, "a", "new"));
            Assert.Equal(0, Posix.StatAt(_scratch.Fd, "a"u8, out EntryStat stat));
            now = stat.Inode;
        };
        Walk(1);
        listed = _visitor.Entries["a"].Inode;
        Assert.Equal(now, opened);
        Assert.NotEqual(listed, opened);
        Assert.Contains("a/new", _visitor.Entries.Keys);
    }

    [Fact]
    public void A_directory_that_vanishes_after_it_was_listed_is_a_failure_with_ENOENT()
    {
        Directory.CreateDirectory(Path.Combine(_scratch.Path, "a"));
        Directory.CreateDirectory(Path.Combine(_scratch.Path, "b"));
        _visitor.OnVisit = (node, _, _) =>
        {
            if (node.Length == 0) { Directory.Delete(Path.Combine(_scratch.Path, "a")); }
        };
        Walk(2);
        Assert.Equal(("a", Errno.ENOENT), Assert.Single(_visitor.Failures.Select(f => (f.Node, f.Failure.Errno))));
        Assert.Equal(["", "b"], _visitor.Visits.Keys.Order());
    }

    [Fact]
    public void An_ancestor_replaced_while_its_descriptor_was_closed_is_a_failure_and_not_followed()
    {
        // One open directory only, so that "p" is closed when the walk goes below "p/a" and must be opened again for "p/b".
        foreach (string path in new[] { "p/a/x/y", "p/b", "evil/b" }) { Directory.CreateDirectory(Path.Combine(_scratch.Path, path)); }
        File.WriteAllText(Path.Combine(_scratch.Path, "evil/b/file"), "");
        _visitor.Filter = (name, _) => name != "evil";
        _visitor.OnVisit = (node, _, _) =>
        {
            if (node != "p/a/x/y") { return; }
            Directory.Move(Path.Combine(_scratch.Path, "p"), Path.Combine(_scratch.Path, "moved"));
            Directory.Move(Path.Combine(_scratch.Path, "evil"), Path.Combine(_scratch.Path, "p"));
        };
        Walk(1, open: 1);
        Assert.Equal(("p/b", Errno.ESTALE), Assert.Single(_visitor.Failures.Select(f => (f.Node, f.Failure.Errno))));
        Assert.DoesNotContain("p/b/file", _visitor.Entries.Keys);
    }

    [Fact]
    [Trait("Needs", "root")]
    public void An_unreadable_directory_is_a_failure_and_the_rest_is_walked()
    {
        foreach (string path in new[] { "a/b", "closed/x", "z" }) { Directory.CreateDirectory(Path.Combine(_scratch.Path, path)); }
        File.SetUnixFileMode(_scratch.Path, (UnixFileMode)0b111_101_101);
        File.SetUnixFileMode(Path.Combine(_scratch.Path, "closed"), (UnixFileMode)0b111_000_000);
        AsUser.Run(() => Walk(1));
        (string node, Failure failure) = Assert.Single(_visitor.Failures);
        Assert.Equal(("closed", Errno.EACCES, "permission denied"), (node, failure.Errno, failure.Message));
        Assert.Equal(["a", "a/b", "closed", "z"], _visitor.Entries.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    [Trait("Needs", "root")]
    public void Entries_of_a_directory_that_may_be_listed_but_not_searched_fail_one_by_one()
    {
        Directory.CreateDirectory(Path.Combine(_scratch.Path, "d", "excluded"));
        File.WriteAllText(Path.Combine(_scratch.Path, "d", "one"), "");
        File.WriteAllText(Path.Combine(_scratch.Path, "d", "two"), "");
        File.SetUnixFileMode(_scratch.Path, (UnixFileMode)0b111_101_101);
        File.SetUnixFileMode(Path.Combine(_scratch.Path, "d"), (UnixFileMode)0b111_100_100);
        _visitor.Filter = (name, _) => name != "excluded";
        AsUser.Run(() => Walk(1));
        Assert.Equal(["d/one", "d/two"], _visitor.EntryFailures.Select(f => Encoding.Latin1.GetString(f.Path)).Order());
        Assert.All(_visitor.EntryFailures, f => Assert.Equal((Errno.EACCES, FailedOperation.Stat), (f.Errno, f.Operation)));
        Assert.Equal(["d"], _visitor.Entries.Keys);
        Assert.Equal(2, _visitor.Visits.Count);
    }

    [Fact]
    public void What_is_excluded_is_neither_listed_nor_entered()
    {
        foreach (string path in new[] { "keep/target", "target/deep" }) { Directory.CreateDirectory(Path.Combine(_scratch.Path, path)); }
        File.WriteAllText(Path.Combine(_scratch.Path, "keep", "target.txt"), "");
        _visitor.Filter = (name, kind) => !(name == "target" && kind == EntryKind.Directory);
        Walk(2);
        Assert.Equal(["keep", "keep/target.txt"], _visitor.Entries.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void What_a_visitor_throws_stops_the_walk_and_comes_out_of_Run(int threads)
    {
        Populate(_scratch.Path, "", new Random(7), 5, []);
        int visits = 0;
        _visitor.OnVisit = (_, _, _) =>
        {
            if (Interlocked.Increment(ref visits) == 20) { throw new InvalidDataException("boom"); }
        };
        int before = OpenDescriptors.Below(_scratch.Path);
        Assert.Equal("boom", Assert.Throws<InvalidDataException>(() => Walk(threads)).Message);
        Assert.InRange(visits, 20, 20 + 2 * threads);
        Assert.Equal(before, OpenDescriptors.Below(_scratch.Path));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Cancelling_stops_the_walk(int threads)
    {
        Populate(_scratch.Path, "", new Random(7), 5, []);
        using var source = new CancellationTokenSource();
        int visits = 0;
        _visitor.OnVisit = (_, _, _) =>
        {
            if (Interlocked.Increment(ref visits) == 20) { source.Cancel(); }
        };
        int before = OpenDescriptors.Below(_scratch.Path);
        Assert.ThrowsAny<OperationCanceledException>(() => Walk(threads, cancellation: source.Token));
        Assert.InRange(visits, 20, 20 + 2 * threads);
        Assert.Equal(before, OpenDescriptors.Below(_scratch.Path));
    }

    [Fact]
    public void A_handle_that_a_visitor_keeps_stays_open_until_it_is_released()
    {
        Populate(_scratch.Path, "", new Random(7), 4, []);
        var kept = new ConcurrentDictionary<string, DirectoryHandle>();
        _visitor.OnVisit = (node, handle, _) =>
        {
            handle.AddRef();
            kept[node] = handle;
        };
        int before = OpenDescriptors.Below(_scratch.Path);
        Walk(2, open: 5);
        foreach ((string path, DirectoryHandle handle) in kept)
        {
            Assert.Equal(0, Posix.Stat(handle.Fd, out EntryStat stat));
            Assert.True(path.Length == 0 || stat.Inode == _visitor.Entries[path].Inode);
            if (path.Length > 0) { handle.Release(); }
        }

        Assert.Equal(before, OpenDescriptors.Below(_scratch.Path) - 1); // the root, which the test holds
        kept[""].Release();
        Assert.Equal(before, OpenDescriptors.Below(_scratch.Path));
        Assert.Throws<ObjectDisposedException>(() => kept[""].AddRef());
    }

    [Fact]
    public void A_tree_that_changes_while_it_is_walked_hangs_or_throws_nothing()
    {
        bool done = false;
        var changer = new Thread(() =>
        {
            var random = new Random(3);
            for (int n = 0; !Volatile.Read(ref done); n++)
            {
                string path = Path.Combine(_scratch.Path, $"{random.Next(30)}", $"{random.Next(30)}");
                try
                {
                    if (n % 3 == 0) { Directory.Delete(Path.GetDirectoryName(path)!, true); } else { Directory.CreateDirectory(path); }
                }
                catch (IOException) { }
            }
        });
        changer.Start();
        try
        {
            for (int i = 0; i < 100; i++)
            {
                var visitor = new RecordingVisitor(_tables);
                Run(visitor, 3, 2, default);
                Assert.All(visitor.Failures, f => Assert.Contains(f.Failure.Errno, new[] { Errno.ENOENT, Errno.ESTALE }));
                Assert.All(visitor.Visits, v => Assert.Equal(1, v.Value));
            }
        }
        finally
        {
            Volatile.Write(ref done, true);
            changer.Join();
        }
    }

    private void Walk(int threads, int open = 4096, CancellationToken cancellation = default) => Run(_visitor, threads, open, cancellation);

    private void Run(RecordingVisitor visitor, int threads, int open, CancellationToken cancellation)
    {
        using var root = new RootHandle(_scratch);
        new Walker<string>(visitor, _tables, new WalkOptions { Threads = threads, OpenDirectories = open }).Run(root.Handle, "",
            cancellation);
    }

    private static void Populate(string path, string relative, Random random, int depth, SortedSet<string> made)
    {
        for (int i = 0; i < 4 + random.Next(4); i++)
        {
            string name = $"{random.Next(10000):x}-{i}";
            made.Add(relative + name);
            if (depth > 0 && i < 4)
            {
                Directory.CreateDirectory(Path.Combine(path, name));
                Populate(Path.Combine(path, name), relative + name + "/", random, depth - 1 - random.Next(2), made);
            }
            else { File.WriteAllText(Path.Combine(path, name), name); }
        }
    }

    private sealed class RootHandle : IDisposable
    {
        public RootHandle(ScratchDirectory scratch) =>
            Handle = DirectoryHandle.Open(scratch.PathBytes, out int errno) ?? throw new InvalidOperationException(Errno.Message(errno));

        public DirectoryHandle Handle { get; }

        public void Dispose() => Handle.Release();
    }
}
