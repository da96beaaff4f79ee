using System.Globalization;
using System.Text;
using Varve.Backup.Passes;
using Varve.Backup.Run;
using Varve.Model;

namespace Varve.Tests.Backup;

public sealed class PendingFilesTests
{
    [Fact]
    public void All_are_counted_and_the_newest_ten_thousand_kept()
    {
        var node = new DirectoryNode { Listing = new EntryTable() };
        int[] ages = [.. Enumerable.Range(0, 25_000)];
        new Random(4).Shuffle(ages);
        foreach (int age in ages)
        {
            var stat = new EntryStat
            {
                Kind = EntryKind.File, Size = age, Mtime = new FileTime(1_000_000 - age, 0),
                Ctime = new FileTime(5, 0)
            };
            node.Listing.Add(Encoding.ASCII.GetBytes(age.ToString(CultureInfo.InvariantCulture)), in stat);
        }

        var pending = new PendingFiles();
        Parallel.For(0, ages.Length, i => pending.Add(node, i));
        Assert.Equal((25_000L, ages.Sum(static a => (long)a)), (pending.Files, pending.Bytes));
        Assert.Equal(Enumerable.Range(0, 10_000).Select(static a => a.ToString(CultureInfo.InvariantCulture)),
            pending.Newest().Select(static f => Encoding.ASCII.GetString(f.Path)));
    }
}
