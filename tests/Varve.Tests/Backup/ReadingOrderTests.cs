using System.Collections.Concurrent;
using System.Text;
using Varve.Backup.Order;
using Varve.Backup.Run;
using Varve.Model;
using Varve.Platform;
using Varve.Tests.Kit.Disks;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Tests.Platform;
using Varve.Walk;

namespace Varve.Tests.Backup;

/// <summary>In which order files are read, and what is asked for ahead (decision 0071).</summary>
public sealed class ReadingOrderTests : VaultTest
{
    [Fact]
    public void Files_of_many_directories_are_opened_in_the_order_of_their_inode_numbers()
    {
        Spread(3000);
        FileClock.Settle();
        List<ulong> opened = Opened(static o => o with { Workers = 1 });
        Assert.Equal(3000, opened.Count);
        Assert.Equal(opened.Order(), opened);
    }

    [Fact]
    public void A_window_has_more_than_10000_files_and_the_next_begins_after_it()
    {
        Spread(DiskOrderFeed.WindowFiles + 3000);
        FileClock.Settle();
        List<ulong> opened = Opened(static o => o with { Workers = 1 });
        Assert.Equal(DiskOrderFeed.WindowFiles + 3000, opened.Count);
        int[] back = [.. Enumerable.Range(1, opened.Count - 1).Where(i => opened[i] < opened[i - 1])]; // where the head would go back
        Assert.InRange(Assert.Single(back), DiskOrderFeed.WindowFiles, opened.Count);
    }

    [Fact]
    public void What_is_on_a_disk_only_is_asked_for_ahead_and_what_is_in_memory_is_not()
    {
        using var disk = new LoopDisk("ext4", 64);
        for (int i = 0; i < 300; i++)
        {
            string directory = System.IO.Path.Combine(disk.Root, $"d{i % 10}");
            Directory.CreateDirectory(directory);
            File.WriteAllBytes(System.IO.Path.Combine(directory, $"f{i}"), Desk.Bytes(i, 20_000));
        }

        File.WriteAllBytes(System.IO.Path.Combine(disk.Root, "large"), Desk.Bytes(1, 12 << 20));
        FileClock.Settle();
        Kit.Programs.Run("umount", disk.Root);
        disk.Mount(disk.Root);
        Assert.InRange(Asked(disk.Root, force: false), 301, 310);
        Assert.Equal(0, Asked(disk.Root, force: true));
        Assert.Equal(301, _vault.BackupAll(disk.Root).Snapshot.Counts.Unchanged);
    }

    [Fact]
    public void Files_of_a_large_directory_that_wait_for_their_turn_do_not_keep_its_listing()
    {
        var tables = new EntryTablePool();
        EntryTable listing = new(), known = new();
        var list = new FileList();
        var group = new FileGroup("db"u8.ToArray(), [""u8.ToArray(), "-wal"u8.ToArray()]);
        for (int i = 0; i < 20_000; i++)
        {
            int at = listing.Add(Encoding.ASCII.GetBytes($"f{i:00000}"), new EntryStat { Inode = (ulong)i });
            if (i % 2 == 0) { known.Add(listing.Name(at), in listing.Stat(at), "details"u8, EntryFlags.Moving, first: i, last: i + 1); }
        }

        (int Now, int Known)[] files = [(19_998, 9_999), (7, -1), (500, 250)];
        foreach ((int now, int row) in files) { list.Add(now, row); }
        group.ToRead.Add((11, -1));
        group.Standing.Add((12, 6));
        list.Groups.Add(group);
        var node = new DirectoryNode { Parent = new DirectoryNode(), Name = "large"u8.ToArray(), Listing = listing, Known = known, Id = 77 };
        var loose = new LooseFiles(node, list, tables);
        Assert.InRange(loose.Node.Listing.Footprint + loose.Node.Known!.Footprint, 1, 8192);
        Assert.Equal((77L, true, 5, 3), (loose.Node.Id, loose.Node.IsLoose, loose.Node.Listing.Count, loose.Node.Known.Count));
        Assert.Equal(["f19998", "f00007", "f00500"], loose.Files.Select(f => Text(loose.Node.Listing.Name(f.Now))));
        Assert.Equal(["f19998", "", "f00500"], loose.Files.Select(f => f.Known < 0 ? "" : Text(loose.Node.Known.Name(f.Known))));
        (int Now, int Known) standing = Assert.Single(Assert.Single(loose.Groups).Standing);
        Assert.Equal(("f00012", 12L, 13L), (Text(loose.Node.Listing.Name(standing.Now)),
            loose.Node.Known.First(standing.Known), loose.Node.Known.Last(standing.Known)));
    }

    private static string Text(ReadOnlySpan<byte> name) => Encoding.ASCII.GetString(name);

    /// <summary>Files whose inode numbers follow each other through all directories.</summary>
    private void Spread(int files)
    {
        for (int i = 0; i < 60; i++) { Directory.CreateDirectory(At($"d{i % 6}/e{i}")); }
        for (int i = 0; i < files; i++) { File.WriteAllText(At($"d{i * 7 % 60 % 6}/e{i * 7 % 60}/f{i}"), $"{i}"); }
    }

    /// <summary>The inode numbers of the files that workers opened, in order.</summary>
    private List<ulong> Opened(Func<BackupOptions, BackupOptions> with)
    {
        var names = new ConcurrentQueue<string>();
        using (new SystemCallWatch((call, _, name) =>
        {
            bool isWorker = Thread.CurrentThread.Name?.StartsWith("varve work", StringComparison.Ordinal) == true;
            if (call == SystemCall.Open && isWorker && name is [(byte)'f', ..]) { names.Enqueue(Text(name)); }
            return 0;
        })) { _vault.BackupAll(_source, with); }
        Dictionary<string, ulong> inodes = Directory.EnumerateFiles(_source, "f*", SearchOption.AllDirectories)
            .ToDictionary(static f => System.IO.Path.GetFileName(f), static f => ZooPosix.Stat(ZooPosix.Path(f)).Inode);
        return [.. names.Select(n => inodes[n])];
    }

    private int Asked(string source, bool force)
    {
        using var watch = new SystemCallWatch();
        _vault.BackupAll(source, o => o with { Force = force });
        return watch.Seen.Count(static c => c == SystemCall.Ask);
    }
}
