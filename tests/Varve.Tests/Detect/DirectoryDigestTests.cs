using Varve.Detect;
using Varve.Model;

namespace Varve.Tests.Detect;

public sealed class DirectoryDigestTests
{
    private delegate void Alter(ref EntryStat stat);

    [Fact]
    public void Every_field_counts()
    {
        Bytes32 plain = Digest((ref EntryStat _) => { });
        Alter[] alterations =
        [
            (ref EntryStat s) => s.Kind = EntryKind.Symlink, (ref EntryStat s) => s.Mode++, (ref EntryStat s) => s.Uid++,
            (ref EntryStat s) => s.Gid++,
            (ref EntryStat s) => s.Size++, (ref EntryStat s) => s.Mtime = new FileTime(2, 2),
            (ref EntryStat s) => s.Mtime = new FileTime(1, 3),
            (ref EntryStat s) => s.Ctime = new FileTime(4, 4), (ref EntryStat s) => s.Ctime = new FileTime(3, 5),
            (ref EntryStat s) => s.Inode++,
            (ref EntryStat s) => s.RdevMajor++, (ref EntryStat s) => s.RdevMinor++,
        ];
        Bytes32[] all = [plain, .. alterations.Select(a => Digest(a))];
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.Equal(plain, Digest((ref EntryStat _) => { }));
    }

    [Fact]
    public void Fields_of_this_run_only_do_not_count() =>
        Assert.Equal(Digest((ref EntryStat _) => { }),
        Digest((ref EntryStat s) => { s.Device++; s.Links++; s.HasBirth = true; s.Attributes = 4; }));

    [Fact]
    public void What_the_rules_ignore_does_not_count()
    {
        Assert.Equal(Digest((ref EntryStat _) => { }, ChangeRules.IgnoreInode),
            Digest((ref EntryStat s) => s.Inode++, ChangeRules.IgnoreInode));
        Assert.Equal(Digest((ref EntryStat _) => { }, ChangeRules.IgnoreCtime),
            Digest((ref EntryStat s) => s.Ctime = default, ChangeRules.IgnoreCtime));
        Assert.NotEqual(Digest((ref EntryStat _) => { }, ChangeRules.IgnoreInode),
            Digest((ref EntryStat s) => s.Ctime = default, ChangeRules.IgnoreInode));
    }

    [Fact]
    public void Bytes_cannot_move_from_one_name_to_the_next()
    {
        static Bytes32 Of(params string[] names)
        {
            var table = new EntryTable();
            foreach (string name in names) { table.Add(System.Text.Encoding.ASCII.GetBytes(name), default); }
            return DirectoryDigest.Compute(table);
        }

        Assert.Equal(4, new[] { Of(), Of("ab"), Of("a", "b"), Of("a", "bc") }.Distinct().Count());
    }

    [Fact]
    public void An_entry_counts_wherever_it_lies_in_a_large_directory()
    {
        var table = new EntryTable();
        for (int i = 0; i < 20_000; i++)
        {
            table.Add(System.Text.Encoding.ASCII.GetBytes($"name-{i:D8}"), new EntryStat { Inode = (ulong)i });
        }
        var seen = new HashSet<Bytes32> { DirectoryDigest.Compute(table) };
        for (int i = 0; i < table.Count; i += 997)
        {
            table.Stat(i).Size++;
            Assert.True(seen.Add(DirectoryDigest.Compute(table)));
        }
    }

    private static Bytes32 Digest(Alter alter, ChangeRules rules = ChangeRules.None)
    {
        var stat = new EntryStat
        {
            Kind = EntryKind.File, Mode = 1, Uid = 2, Gid = 3, Size = 4, Mtime = new(1, 2), Ctime = new(3, 4),
            Inode = 5
        };
        alter(ref stat);
        var table = new EntryTable();
        table.Add("a"u8, default);
        table.Add("b"u8, stat);
        return DirectoryDigest.Compute(table, rules);
    }
}
