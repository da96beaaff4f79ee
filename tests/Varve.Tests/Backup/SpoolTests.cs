using System.Text;
using Varve.Backup.Run;
using Varve.Backup.Unstable;
using Varve.Model;
using Varve.Platform;
using Varve.Tests.Kit;
using Varve.Tests.Platform;

namespace Varve.Tests.Backup;

/// <summary>The spool and its bounds.</summary>
[Trait("Does", "race")]
public sealed class SpoolTests : IDisposable
{
    private readonly ScratchDirectory _d = new();
    private readonly List<Notice> _notes = [];

    public void Dispose() => _d.Dispose();

    private string Place => Path.Combine(_d.Path, "spool");

    [Fact]
    public void Where_room_is_short_the_oldest_copies_go()
    {
        using var spool = new Spool(Place, 25_000, _notes.Add);
        EntryStat[] stats = [.. Enumerable.Range(0, 3).Select(i => Keep(spool, Write($"f{i}", 10_000)))];
        Assert.Equal(1, spool.Displaced);
        Assert.Null(spool.Take(in stats[0]));
        using SpoolFile? second = spool.Take(in stats[1]), third = spool.Take(in stats[2]);
        Assert.True(second is { Length: 10_000, Stability: Stability.Stable } && third is { Length: 10_000 });
        // What is in use is not displaced.
        using SpoolFile fourth = spool.TryCreate(1)!;
        Assert.True(fourth.Write(new byte[5_000], 0));
        Assert.False(fourth.Write(new byte[1], 5_000));
        Assert.Null(spool.TryCreate(25_001));
    }

    [Fact]
    public void A_run_leaves_nothing_and_removes_what_killed_runs_left_but_not_what_live_ones_use()
    {
        string abandoned = Directory.CreateDirectory(Path.Combine(Place, "varve-spool-0123456789abcdef")).FullName,
            other = Directory.CreateDirectory(Path.Combine(Place, "other")).FullName;
        File.WriteAllText(Path.Combine(abandoned, "1"), "left");
        using (var live = new Spool(Place, 1 << 20, _notes.Add))
        {
            EntryStat kept = Keep(live, Write("file", 100));
            SpoolDirectory.RemoveLeftovers(Place);
            Assert.False(Directory.Exists(abandoned));
            Assert.Equal(2, Directory.GetDirectories(Place).Length);
            using SpoolFile? copy = live.Take(in kept);
            Assert.NotNull(copy);
        }

        Assert.Equal([other], Directory.GetFileSystemEntries(Place));
    }

    [Fact]
    public void A_copy_is_not_given_to_another_file_with_the_inode_number()
    {
        using var spool = new Spool(Place, 1 << 20, _notes.Add);
        EntryStat stat = Keep(spool, Write("file", 100));
        EntryStat later = stat;
        later.Birth = new FileTime(stat.Birth.Seconds + 1, 0);
        Assert.True(stat.HasBirth);
        Assert.Null(spool.Take(in later));
    }

    [Fact]
    public void A_spool_that_cannot_be_made_is_said_once_and_done_without()
    {
        File.WriteAllText(Place, "in the way");
        using var spool = new Spool(Place, 1 << 20, _notes.Add);
        Assert.Null(spool.TryCreate(1));
        Assert.Null(spool.TryCreate(1));
        Assert.Equal(Subject.Spool(Place), Assert.Single(_notes).Subject);
    }

    [Fact]
    public void A_place_that_others_may_write_to_is_refused()
    {
        Directory.CreateDirectory(Place);
        File.SetUnixFileMode(Place, (UnixFileMode)0x1ff);
        Assert.NotNull(SpoolDirectory.Prepare(Place));
        File.SetUnixFileMode(Place, (UnixFileMode)0x1c0);
        Assert.Null(SpoolDirectory.Prepare(Place));
    }

    [Fact]
    public void A_copy_keeps_holes_and_follows_a_file_that_grows()
    {
        string path = Path.Combine(_d.Path, "sparse");
        using (FileStream file = File.Create(path))
        {
            file.SetLength(64 << 20);
            RandomAccess.Write(file.SafeFileHandle, "end"u8, (64 << 20) - 3);
        }

        using var spool = new Spool(Place, 1 << 20, _notes.Add);
        using SpoolFile copy = spool.TryCreate(4096)!;
        SafeFd source = Open(path);
        bool grown = false;
        using var watch = new SystemCallWatch((call, _, _) =>
        {
            // The first read of the file is under way.
            if (call != SystemCall.Write || grown) { return 0; }
            grown = true;
            File.AppendAllText(path, "more");
            return 0;
        });
        try
        {
            var copier = new MomentCopier();
            Assert.Equal(CopyOutcome.Moment, copier.Fill(source.Value, copy, out EntryStat moment));
            Assert.True(copier.IsSame(source.Value, copy.Fd, copy.Length));
            Assert.True(grown);
            Assert.Equal((64 << 20) + 4, moment.Size);
            Assert.Equal(moment.Size, copy.Length);
            Assert.InRange(copy.Taken, 7, 2 << 20);
        }
        finally { source.Close(); }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_500_000)]
    public void A_change_behind_the_copier_is_seen_even_if_no_stat_tells_of_it(int where)
    {
        string path = Write("file", 3 << 20);
        DateTime mtime = File.GetLastWriteTimeUtc(path);
        using var spool = new Spool(Place, 8 << 20, _notes.Add);
        using SpoolFile copy = spool.TryCreate(1)!;
        SafeFd source = Open(path);
        int writes = 0;
        using var watch = new SystemCallWatch((call, _, _) =>
        {
            if (call != SystemCall.Write || ++writes != 3) { return 0; }
            using FileStream file = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0);
            RandomAccess.Write(file.SafeFileHandle, "x"u8, where);
            File.SetLastWriteTimeUtc(path, mtime);
            return 0;
        });
        try
        {
            var copier = new MomentCopier();
            Assert.Equal(CopyOutcome.Moment, copier.Fill(source.Value, copy, out _));
            Assert.False(copier.IsSame(source.Value, copy.Fd, copy.Length));
        }
        finally { source.Close(); }
    }

    private string Write(string name, int length)
    {
        string path = Path.Combine(_d.Path, name);
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static EntryStat Keep(Spool spool, string path)
    {
        SafeFd source = Open(path);
        SpoolFile copy = spool.TryCreate(1)!;
        new MomentCopier().Copy(source.Value, tells: true, copy, null, out bool hasRoom);
        Assert.True(hasRoom);
        EntryStat stat = copy.Moment;
        spool.Keep(copy);
        source.Close();
        return stat;
    }

    private static SafeFd Open(string path)
    {
        Assert.Equal(0, Posix.OpenAt(Posix.AT_FDCWD, Encoding.UTF8.GetBytes(path), Posix.O_RDONLY, out SafeFd file));
        return file;
    }
}
