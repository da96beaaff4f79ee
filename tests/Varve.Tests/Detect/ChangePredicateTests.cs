using Varve.Detect;
using Varve.Model;

namespace Varve.Tests.Detect;

public sealed class ChangePredicateTests
{
    private static readonly FileTime Old = new(1000, 5), Other = new(1001, 5), Safe = new(2000, 0), Racy = new(2000, 0);

    /// <summary>Every combination of what may differ, for every kind and every rule.</summary>
    [Fact]
    public void The_truth_table_holds()
    {
        int rows = 0;
        foreach (EntryKind kind in Enum.GetValues<EntryKind>().Where(k => k != EntryKind.None))
        {
            for (int rules = 0; rules < 4; rules++)
            {
                for (int bits = 0; bits < 1 << 11; bits++)
                {
                    Check(kind, (ChangeRules)rules, bits);
                    rows++;
                }
            }
        }

        Assert.Equal(7 * 4 * 2048, rows);
    }

    [Fact]
    public void Another_kind_is_new()
    {
        EntryStat file = Make(EntryKind.File), directory = Make(EntryKind.Directory);
        Assert.Equal(Change.New, ChangePredicate.Compare(file, directory, Safe, ChangeRules.None));
    }

    [Fact]
    public void A_nanosecond_makes_the_difference_between_safe_and_racy()
    {
        EntryStat now = Make(EntryKind.File);
        now.Ctime = new FileTime(1999, 999_999_999);
        Assert.Equal(Change.Unchanged, ChangePredicate.Compare(now, now, Safe, ChangeRules.None));
        now.Ctime = Safe;
        Assert.Equal(Change.Changed, ChangePredicate.Compare(now, now, Safe, ChangeRules.None));
    }

    private static void Check(EntryKind kind, ChangeRules rules, int bits)
    {
        EntryStat known = Make(kind), now = known;
        bool Differs(int bit) => (bits >> bit & 1) != 0;
        // Racy first, so that a differing timestamp below is the younger of the two.
        if (Differs(9)) { known.Ctime = now.Ctime = Racy; }
        if (Differs(10)) { known.Mtime = now.Mtime = Racy; }
        if (Differs(0)) { now.Size++; }
        if (Differs(1)) { now.Mtime = Other; }
        if (Differs(2)) { now.Ctime = Other; }
        if (Differs(3)) { now.Inode++; }
        if (Differs(4)) { now.Mode ^= 0x1; }
        if (Differs(5)) { now.Uid++; }
        if (Differs(6)) { now.Gid++; }
        if (Differs(7)) { now.RdevMajor++; }
        if (Differs(8)) { now.RdevMinor++; }

        bool ignoreCtime = rules.HasFlag(ChangeRules.IgnoreCtime), ignoreInode = rules.HasFlag(ChangeRules.IgnoreInode);
        bool racy = ignoreCtime ? now.Mtime == Racy : now.Ctime == Racy;
        bool rdev = Differs(7) || Differs(8), owner = Differs(4) || Differs(5) || Differs(6);
        bool content = racy || rdev || Differs(0) || Differs(1) || (Differs(2) && !ignoreCtime) || (Differs(3) && !ignoreInode);
        Change expected = (kind, content) switch
        {
            (_, false) => owner ? Change.MetadataOnly : Change.Unchanged,
            (EntryKind.File or EntryKind.Symlink, true) => Change.Changed,
            (EntryKind.CharDevice or EntryKind.BlockDevice, true) when rdev => Change.Changed,
            _ => Change.MetadataOnly,
        };
        Assert.Equal(expected, ChangePredicate.Compare(now, known, Safe, rules));
    }

    private static EntryStat Make(EntryKind kind) => new()
    {
        Kind = kind, Mode = 0x1a4, Uid = 1, Gid = 2, Size = 3, Mtime = Old, Ctime = Old, Inode = 7, RdevMajor = 8, RdevMinor = 1,
    };
}
