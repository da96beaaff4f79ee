using Varve.Model;
using Varve.Tests.Kit;
using Varve.Tree;

namespace Varve.Tests.Tree;

public sealed class CondemnedCodecTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(0, 1)]
    [InlineData(300, 20)]
    public void A_list_comes_back_as_it_was(int packs, int sessions)
    {
        var random = new Random(1);
        var list = new CondemnedPacks(
            Entries.Time(random), [.. Enumerable.Range(0, packs).Select(i => Some.Name(i))],
            [.. Enumerable.Range(0, sessions).Select(_ => new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64()))]);
        CondemnedPacks read = CondemnedCodec.Decode(CondemnedCodec.Encode(list));
        Assert.Equal(list.At, read.At);
        Assert.Equal(list.Packs, read.Packs);
        Assert.Equal(list.Sessions, read.Sessions);
    }

    [Fact]
    public void A_list_has_the_bytes_the_format_says()
    {
        byte[] expected = [1, 2, 2, 7, 2, 32, .. Some.Name(1).Value.ToArray(), 3, 16, .. new byte[14], 1, 2];
        Assert.Equal(expected, CondemnedCodec.Encode(new CondemnedPacks(new FileTime(1, 7), [Some.Name(1)], [0x0102])));
    }

    [Fact]
    public void Damaged_lists_never_crash()
    {
        byte[] good = CondemnedCodec.Encode(new CondemnedPacks(new FileTime(1, 7), [Some.Name(1), Some.Name(2)], [5, 6]));
        DamagedBytes.Survives(good, b => CondemnedCodec.Decode(b));
        Assert.Equal(SubjectKind.None, DamagedBytes.Is(() => CondemnedCodec.Decode(good[4..])).Subject.Kind);
        DamagedBytes.Is(() => CondemnedCodec.Decode([1, 2, 2, 7, 3, 1, 0]));
    }
}
