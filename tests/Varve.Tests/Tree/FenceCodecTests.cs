using Varve.Model;
using Varve.Model.Snapshots;
using Varve.Tests.Kit;
using Varve.Tree;

namespace Varve.Tests.Tree;

public sealed class FenceCodecTests
{
    private static readonly SessionId s_session = new([.. new byte[14], 1, 2]);

    private static readonly FenceList s_some = new(
        [new Fence(s_session, null), new Fence(SessionId.Create(), []), new Fence(s_session, [Some.Name(1), Some.Name(2)])],
        [Some.Name(3), Some.Name(4)]);

    [Fact]
    public void Fences_and_decisions_come_back_as_they_were()
    {
        FenceList read = FenceCodec.Decode(FenceCodec.Encode(s_some));
        Assert.Equal(s_some.Entries.Select(static e => (e.Session, e.Decided is null)),
            read.Entries.Select(static e => (e.Session, e.Decided is null)));
        Assert.Equal([Some.Name(1), Some.Name(2)], read.Entries[2].Decided!);
        Assert.Empty(read.Entries[1].Decided!);
        Assert.Equal(s_some.Replaced, read.Replaced);
    }

    [Fact]
    public void Fences_have_the_bytes_the_format_says()
    {
        byte[] session = s_session.ToArray(), name = Some.Name(5).Value.ToArray();
        Assert.Equal(
            [1, 17, .. session, 0, 1, 49, .. session, 1, .. name, 2, 32, .. name],
            FenceCodec.Encode(new FenceList([new Fence(s_session, null), new Fence(s_session, [Some.Name(5)])], [Some.Name(5)])));
    }

    [Fact]
    public void Fields_of_a_later_writer_are_passed_over() =>
        Assert.Empty(FenceCodec.Decode([3, 1, 9, 3, 0]).Entries);

    [Fact]
    public void Damaged_fences_never_crash()
    {
        DamagedBytes.Survives(FenceCodec.Encode(s_some), static b => FenceCodec.Decode(b));
        byte[] session = s_session.ToArray();
        foreach (byte[] entry in (byte[][])[[], session, [.. session, 2], [.. session, 0, .. new byte[32]], [.. session, 1, .. new byte[31]]])
        {
            DamagedBytes.Is(() => FenceCodec.Decode([1, (byte)entry.Length, .. entry]));
        }

        DamagedBytes.Is(static () => FenceCodec.Decode([2, 1, 0]));
    }
}
