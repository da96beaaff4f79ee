using System.Text;
using Varve.Model;
using Varve.Platform;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Processes;
using Varve.Walk;

namespace Varve.Tests.Walk;

public sealed class DirectoryListerTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();
    private readonly DirectoryLister _lister = new();
    private readonly Sink _sink = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_hundred_thousand_names_are_listed_sorted_and_the_same_again()
    {
        var names = new List<string>();
        var random = new Random(5);
        for (int i = 0; i < 100_000; i++)
        {
            // Long common beginnings, names that begin with others, and all bytes.
            string name = (i % 3) switch
            {
                0 => $"a-common-beginning-of-many-names-{random.Next()}",
                1 => new string((char)(1 + i % 250), 1 + i % 40).Replace('/', 'x').Replace('.', 'y') + i,
                _ => $"{i}",
            };
            names.Add(name);
        }

        names = names.Distinct().ToList();
        foreach (string name in names) { _scratch.Touch(Encoding.Latin1.GetBytes(name)); }
        for (int round = 0; round < 2; round++)
        {
            EntryTable table = List();
            Assert.Equal(names.Count, table.Count);
            Assert.Equal(names.Order(StringComparer.Ordinal),
                Enumerable.Range(0, table.Count).Select(i => Encoding.Latin1.GetString(table.Name(i))));
            for (int i = 0; i < table.Count; i += 997)
            {
                Assert.Equal(0, Posix.StatAt(_scratch.Fd, table.Name(i), out EntryStat stat));
                Assert.Equal(stat.Inode, table.Stat(i).Inode);
            }
        }
    }

    [Fact]
    public void An_entry_that_vanishes_before_its_stat_is_absent_and_no_failure()
    {
        for (int i = 0; i < 10; i++) { _scratch.Touch(Encoding.ASCII.GetBytes($"f{i}")); }
        _sink.OnAsked = name =>
        {
            if (name == "f3") { File.Delete(Path.Combine(_scratch.Path, "f3")); }
        };
        EntryTable table = List();
        Assert.Equal(9, table.Count);
        Assert.Equal(-1, table.Find("f3"u8));
        Assert.Empty(_sink.Failed);
    }

    [Fact]
    public void The_filter_is_asked_again_when_a_file_became_a_directory()
    {
        _scratch.Touch("f"u8);
        var kinds = new List<EntryKind>();
        _sink.OnAsked = name =>
        {
            if (!File.Exists(Path.Combine(_scratch.Path, name))) { return; }
            File.Delete(Path.Combine(_scratch.Path, name));
            Directory.CreateDirectory(Path.Combine(_scratch.Path, name));
        };
        _sink.Filter = kind =>
        {
            kinds.Add(kind);
            return true;
        };
        Assert.Equal(EntryKind.Directory, List().Stat(0).Kind);
        // Once more after that, since what was listed is gone.
        Assert.Equal([EntryKind.File, EntryKind.Directory, EntryKind.Directory], kinds);
    }

    [Fact]
    public void A_directory_that_was_removed_is_an_error_and_not_empty()
    {
        Directory.CreateDirectory(Path.Combine(_scratch.Path, "d"));
        DirectoryHandle root = DirectoryHandle.Open(_scratch.PathBytes, out _)!;
        DirectoryHandle handle = DirectoryHandle.OpenChild(root, "d"u8, null, out _)!;
        Directory.Delete(Path.Combine(_scratch.Path, "d"));
        Assert.Equal(Errno.ENOENT, _lister.List(handle, new EntryTable(), _sink));
        handle.Release();
        root.Release();
    }

    [Fact]
    public void What_is_no_directory_cannot_be_opened_as_one()
    {
        _scratch.Touch("f"u8);
        DirectoryHandle root = DirectoryHandle.Open(_scratch.PathBytes, out _)!;
        Assert.Null(DirectoryHandle.OpenChild(root, "f"u8, null, out int errno));
        Assert.Equal(Errno.ENOTDIR, errno);
        Assert.Null(DirectoryHandle.OpenChild(root, "none"u8, null, out errno));
        Assert.Equal(Errno.ENOENT, errno);
        Assert.Null(DirectoryHandle.Open(Encoding.UTF8.GetBytes(_scratch.Path + "/none"), out errno));
        Assert.Equal(Errno.ENOENT, errno);
        root.Release();
        Assert.Throws<ObjectDisposedException>(root.Release);
    }

    [Fact]
    public void Listing_allocates_nothing_per_entry()
    {
        for (int i = 0; i < 2000; i++) { _scratch.Touch(Encoding.ASCII.GetBytes($"file-{i}")); }
        DirectoryHandle handle = DirectoryHandle.Open(_scratch.PathBytes, out _)!;
        var table = new EntryTable();
        _lister.List(handle, table, new All());
        long allocated = Allocations.Of(() =>
        {
            table.Clear();
            Assert.Equal(0, _lister.List(handle, table, new All()));
        });

        // What a listing itself takes is allowed; the smallest object for each tenth entry would be more.
        Assert.InRange(allocated, 0, 4000);
        Assert.Equal(2000, table.Count);
        handle.Release();
    }

    [Fact]
    public void The_pool_hands_out_empty_tables_and_keeps_no_giants()
    {
        var pool = new EntryTablePool();
        EntryTable small = pool.Rent(), giant = pool.Rent();
        small.Add("x"u8, default);
        for (int i = 0; i < 10_000; i++) { giant.Add("x"u8, default); }
        pool.Return(giant);
        pool.Return(small);
        Assert.Same(small, pool.Rent());
        Assert.Equal(0, small.Count);
        Assert.NotSame(giant, pool.Rent());
    }

    [Fact]
    public void A_name_that_is_renamed_before_its_stat_is_listed_under_its_new_name()
    {
        _scratch.Touch("a"u8);
        Assert.Equal(0, Posix.StatAt(_scratch.Fd, "a"u8, out EntryStat stat));
        _sink.OnAsked = name =>
        {
            if (name == "a") { File.Move(Path.Combine(_scratch.Path, "a"), Path.Combine(_scratch.Path, "b")); }
        };
        EntryTable table = List();
        Assert.Equal(1, table.Count);
        Assert.Equal(stat.Inode, table.Stat(table.Find("b"u8)).Inode);
        Assert.Empty(_sink.MissedInodes);
    }

    [Fact]
    public void What_takes_the_place_of_a_listed_name_hides_nothing_that_was_there()
    {
        _scratch.Touch("log"u8);
        Assert.Equal(0, Posix.StatAt(_scratch.Fd, "log"u8, out EntryStat stat));
        bool done = false;
        _sink.OnAsked = _ =>
        {
            if (done) { return; }
            done = true;
            File.Move(Path.Combine(_scratch.Path, "log"), Path.Combine(_scratch.Path, "log.1"));
            _scratch.Touch("log"u8);
        };
        EntryTable table = List();
        Assert.Equal(stat.Inode, table.Stat(table.Find("log.1"u8)).Inode);
        Assert.NotEqual(stat.Inode, table.Stat(table.Find("log"u8)).Inode);
    }

    [Fact]
    public void What_is_renamed_each_time_it_is_listed_is_told()
    {
        _scratch.Touch("f0"u8);
        Assert.Equal(0, Posix.StatAt(_scratch.Fd, "f0"u8, out EntryStat stat));
        int times = 0;
        _sink.OnAsked = name => File.Move(Path.Combine(_scratch.Path, name), Path.Combine(_scratch.Path, $"f{++times}"));
        Assert.Equal(0, List().Count);
        Assert.InRange(times, 2, 20);
        Assert.Equal([stat.Inode], _sink.MissedInodes);
    }

    [Fact]
    [Trait("Needs", "root")]
    public void A_file_that_another_is_mounted_on_has_two_numbers_each_time_and_is_listed()
    {
        Assert.SkipUnless(AsUser.IsRoot, "needs root");
        _scratch.Touch("below"u8);
        _scratch.Touch("above"u8);
        Programs.Run("mount", "--bind", Path.Combine(_scratch.Path, "above"), Path.Combine(_scratch.Path, "below"));
        try
        {
            Assert.Equal(2, List().Count);
            Assert.Empty(_sink.MissedInodes);
        }
        finally { Programs.Run("umount", Path.Combine(_scratch.Path, "below")); }
    }

    private EntryTable List()
    {
        DirectoryHandle handle = DirectoryHandle.Open(_scratch.PathBytes, out _)!;
        var table = new EntryTable();
        Assert.Equal(0, _lister.List(handle, table, _sink));
        handle.Release();
        return table;
    }

    private sealed class All : IListingSink
    {
        public bool Includes(ReadOnlySpan<byte> name, EntryKind kind) => true;

        public void StatFailed(ReadOnlySpan<byte> name, int errno) => Assert.Fail("failed");

        public void Missed(ulong inode) => Assert.Fail("missed");
    }

    private sealed class Sink : IListingSink
    {
        public List<int> Failed { get; } = [];

        public Action<string> OnAsked { get; set; } = _ => { };

        public Func<EntryKind, bool> Filter { get; set; } = _ => true;

        public bool Includes(ReadOnlySpan<byte> name, EntryKind kind)
        {
            OnAsked(Encoding.Latin1.GetString(name));
            return Filter(kind);
        }

        public void StatFailed(ReadOnlySpan<byte> name, int errno) => Failed.Add(errno);

        public List<ulong> MissedInodes { get; } = [];

        public void Missed(ulong inode) => MissedInodes.Add(inode);
    }
}
