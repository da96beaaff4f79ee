using Varve.Model;
using Varve.Model.Bytes;
using Varve.Tests.Kit;
using Varve.Tree.Lists;

namespace Varve.Tests.Tree;

public sealed class PendingListTests
{
    [Fact]
    public void A_list_comes_back_as_it_was()
    {
        PendingFile[] files = [.. Enumerable.Range(0, 300)
            .Select(static i => new PendingFile([.. "dir/"u8, (byte)i, 0xFF], i * 1_000_000_007L, new FileTime(i - 10, i * 3_000_000)))];
        var writer = new ByteWriter();
        Assert.Equal(300, PendingList.Encode(writer, files));
        Assert.Equal(MetaKind.PendingList, MetaChunk.Kind(writer.Written));
        Assert.Equal(Flat(files), Flat(PendingList.Decode(writer.Written)));
    }

    [Fact]
    public void Ten_thousand_files_are_listed_and_fewer_if_their_paths_are_long()
    {
        var writer = new ByteWriter();
        Assert.Equal(10_000, PendingList.Encode(writer, [.. Enumerable.Repeat(new PendingFile("a"u8.ToArray(), 1, default), 10_001)]));
        Assert.Equal(10_000, PendingList.Decode(writer.Written).Count);
        int listed = PendingList.Encode(writer, [.. Enumerable.Repeat(new PendingFile(new byte[5_000], 1, default), 10_000)]);
        Assert.InRange(listed, 1_000, 9_999);
        Assert.Equal(listed, PendingList.Decode(writer.Written).Count);
        Assert.InRange(writer.Length, 1, 8 << 20);
    }

    [Fact]
    public void Damage_is_noticed_and_never_crashes()
    {
        var writer = new ByteWriter();
        PendingList.Encode(writer,
            [new PendingFile("a/b"u8.ToArray(), 5, new FileTime(1, 2)), new PendingFile("c"u8.ToArray(), 6, new FileTime(3, 4))]);
        byte[] chunk = writer.ToArray();
        DamagedBytes.Survives(chunk, c => PendingList.Decode(c));
        DamagedBytes.RejectsTruncation(chunk, c => PendingList.Decode(c));
        chunk[0] = (byte)MetaKind.FailureList;
        Assert.Throws<VarveException>(() => PendingList.Decode(chunk));
    }

    private static string[] Flat(IEnumerable<PendingFile> files) =>
        [.. files.Select(static f => $"{Convert.ToHexString(f.Path)} {f.Size} {f.Time}")];
}
