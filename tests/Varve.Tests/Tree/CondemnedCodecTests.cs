using Varve.Model;
using Varve.Model.Snapshots;
using Varve.Tests.Kit;
using Varve.Tree;

namespace Varve.Tests.Tree;

public sealed class CondemnedCodecTests
{
    private static readonly SessionId s_session = new([.. new byte[14], 1, 2]);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(300)]
    public void A_list_comes_back_as_it_was(int packs)
    {
        var list = new CondemnedPacks(
            Entries.Time(new Random(1)), SessionId.Create(), [.. Enumerable.Range(0, packs).Select(static i => Some.Name(i))]);
        CondemnedPacks read = CondemnedCodec.Decode(CondemnedCodec.Encode(list));
        Assert.Equal((list.At, list.Session), (read.At, read.Session));
        Assert.Equal(list.Packs, read.Packs);
    }

    [Fact]
    public void A_list_has_the_bytes_the_format_says()
    {
        byte[] expected = [1, 2, 2, 7, 2, 32, .. Some.Name(1).Value.ToArray(), 3, 16, .. new byte[14], 1, 2];
        Assert.Equal(expected, CondemnedCodec.Encode(new CondemnedPacks(new FileTime(1, 7), s_session, [Some.Name(1)])));
    }

    [Fact]
    public void Damaged_lists_never_crash()
    {
        byte[] good = CondemnedCodec.Encode(new CondemnedPacks(new FileTime(1, 7), s_session, [Some.Name(1), Some.Name(2)]));
        DamagedBytes.Survives(good, static b => CondemnedCodec.Decode(b));
        Assert.Equal(SubjectKind.None, DamagedBytes.Is(() => CondemnedCodec.Decode(good[4..])).Subject.Kind);
        DamagedBytes.Is(static () => CondemnedCodec.Decode([1, 2, 2, 7, 3, 1, 0]));
        DamagedBytes.Is(static () => CondemnedCodec.Decode([1, 2, 2, 7]));
    }
}
