using Varve.Model;
using Varve.Tests.Kit;
using Varve.Tree;

namespace Varve.Tests.Tree;

/// <summary>Made-up entries.</summary>
internal static class Entries
{
    /// <summary>A sorted table of entries with names, times and details of every sort.</summary>
    internal static EntryTable Random(Random random, int count)
    {
        var names = new SortedSet<byte[]>(Comparer<byte[]>.Create((x, y) => x.AsSpan().SequenceCompareTo(y)));
        while (names.Count < count) { names.Add(Name(random)); }
        var table = new EntryTable();
        foreach (byte[] name in names)
        {
            var kind = (EntryKind)random.Next(1, 8);
            EntryDetails details = Details(random, kind);
            table.Add(name, Stat(random, kind, details), DetailsEncoding.Encode(details), random.Next(5) == 0 ? EntryFlags.Torn : 0);
        }

        return table;
    }

    internal static EntryStat Stat(Random random, EntryKind kind, EntryDetails details) => new()
    {
        Kind = kind,
        Mode = (uint)random.Next(0x1000),
        Uid = random.Next(4) == 0 ? (uint)random.NextInt64(1L << 32) : (uint)random.Next(4),
        Gid = (uint)random.Next(4),
        Size = kind is EntryKind.File or EntryKind.Symlink ? random.NextInt64() >> random.Next(63) : 0,
        Mtime = Time(random),
        Ctime = Time(random),
        Inode = (ulong)random.NextInt64() << random.Next(2),
        RdevMajor = details.Device?.Major ?? 0,
        RdevMinor = details.Device?.Minor ?? 0,
        Birth = details.Birth ?? default,
        HasBirth = details.Birth != null,
        Attributes = details.Attributes,
    };

    internal static EntryDetails Details(Random random, EntryKind kind)
    {
        bool list = random.Next(4) == 0;
        return new EntryDetails
        {
            Extents = kind == EntryKind.File && !list
                ? Extents(random, random.Next(random.Next(20) == 0 ? 65 : 3)) is { Length: > 0 } e ? e : null : null,
            ExtentList = kind == EntryKind.File && list ? Some.Id(random.Next()) : default,
            ChildTree = kind == EntryKind.Directory ? Some.Id(random.Next()) : default,
            SymlinkTarget = kind == EntryKind.Symlink ? Some.Bytes(random, random.Next(300)) : null,
            Device = kind is EntryKind.CharDevice or EntryKind.BlockDevice ? ((uint)random.Next(), (uint)random.Next(256)) : null,
            LinkGroup = random.Next(5) == 0 ? (ulong)random.NextInt64() : 0,
            Xattrs = random.Next(4) == 0 ? Xattrs(random, random.Next(random.Next(20) == 0 ? 200 : 4)) : [],
            Birth = random.Next(2) == 0 ? Time(random) : null,
            Attributes = random.Next(3) == 0 ? 0x54u : 0,
        };
    }

    internal static Extent[] Extents(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => Extent(random))];

    internal static Extent Extent(Random random)
    {
        if (random.Next(6) == 0) { return Varve.Model.Extent.Hole(random.NextInt64(1, 1L << 40)); }
        uint offset = random.Next(3) == 0 ? (uint)random.Next(1 << 23) : 0;
        return new Extent(Some.Id(random.NextInt64()), offset, random.Next(1, 1 << 20));
    }

    internal static FileTime Time(Random random) => random.Next(8) switch
    {
        0 => new FileTime(long.MinValue, 0),
        1 => new FileTime(long.MaxValue, 999_999_999),
        2 => new FileTime(-random.Next(), random.Next(1_000_000_000)),
        _ => new FileTime(1_700_000_000 + random.Next(1 << 20), random.Next(1_000_000_000)),
    };

    internal static void AssertSame(EntryDetails expected, EntryDetails actual)
    {
        Assert.Equal(expected.Extents, actual.Extents);
        Assert.Equal(expected.ExtentList, actual.ExtentList);
        Assert.Equal(expected.ChildTree, actual.ChildTree);
        Assert.Equal(expected.SymlinkTarget, actual.SymlinkTarget);
        Assert.Equal(expected.Device, actual.Device);
        Assert.Equal(expected.LinkGroup, actual.LinkGroup);
        Assert.Equal(expected.Xattrs.Select(x => (Convert.ToHexString(x.Name), Convert.ToHexString(x.Value))),
            actual.Xattrs.Select(x => (Convert.ToHexString(x.Name), Convert.ToHexString(x.Value))));
        Assert.Equal(expected.Birth, actual.Birth);
        Assert.Equal(expected.Attributes, actual.Attributes);
    }

    private static Xattr[] Xattrs(Random random, int count)
    {
        var xattrs = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
        {
            xattrs[$"user.{random.Next():x}"] = Some.Bytes(random, random.Next(random.Next(10) == 0 ? 5000 : 20));
        }
        return [.. xattrs.Select(x => new Xattr(System.Text.Encoding.ASCII.GetBytes(x.Key), x.Value))];
    }

    // Control characters, bytes that are not UTF-8, the longest name, names that begin others, names like "..".
    private static byte[] Name(Random random)
    {
        while (true)
        {
            byte[] name = Some.Bytes(random, random.Next(30) == 0 ? 255 : random.Next(1, 6));
            if (random.Next(4) == 0) { name.AsSpan().Fill((byte)'.'); }
            name.AsSpan().Replace((byte)0, (byte)1);
            name.AsSpan().Replace((byte)'/', (byte)'\n');
            if (EntryName.IsValid(name)) { return name; }
        }
    }
}
