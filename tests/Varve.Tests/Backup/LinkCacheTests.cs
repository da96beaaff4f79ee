using Varve.Backup.Read;
using Varve.Model;

namespace Varve.Tests.Backup;

/// <summary>What is recorded of files with several names.</summary>
public sealed class LinkCacheTests
{
    private static readonly byte[] s_cut = [1, 2, 3], s_delta = [4, 5];

    [Fact]
    public void Two_names_that_were_read_at_once_and_cut_otherwise_are_recorded_alike()
    {
        var links = new LinkCache();
        EntryStat stat = Stat(links: 2);
        Assert.Null(links.Find(in stat));
        Assert.Equal(s_cut, links.Settle(in stat, s_cut));
        Assert.Equal(s_cut, links.Settle(in stat, s_delta));
        Assert.Equal(s_cut, links.Find(in stat)!);
    }

    [Fact]
    public void A_file_that_changed_between_its_names_keeps_what_each_was_read_with()
    {
        var links = new LinkCache();
        EntryStat before = Stat(links: 2), after = Stat(links: 2);
        after.Ctime = new FileTime(9, 9);
        Assert.Equal(s_cut, links.Settle(in before, s_cut));
        Assert.Equal(s_delta, links.Settle(in after, s_delta));
        Assert.Null(links.Find(in before));
    }

    [Fact]
    public void A_file_with_one_name_is_not_kept()
    {
        var links = new LinkCache();
        EntryStat stat = Stat(links: 1);
        Assert.Equal(s_cut, links.Settle(in stat, s_cut));
        Assert.Equal(s_delta, links.Settle(in stat, s_delta));
        Assert.Null(links.Find(in stat));
    }

    private static EntryStat Stat(uint links) => new()
    {
        Kind = EntryKind.File, Size = 5, Links = links, Inode = 7, Device = 3, Mtime = new FileTime(1, 2), Ctime = new FileTime(3, 4),
    };
}
