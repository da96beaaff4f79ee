using Varve.Model.Bytes;
using Varve.Model.Snapshots;
using Varve.Tests.Kit;
using Varve.Tree.Lists;

namespace Varve.Tests.Tree;

public sealed class MarkListTests
{
    private static readonly ExcludeRule[] s_rules = [new("*.o", RuleOrigin.Option), new("/home/*/t\u00FC/", RuleOrigin.Configuration)];

    [Fact]
    public void A_list_comes_back_as_it_was()
    {
        Mark[] marks = [.. Enumerable.Range(0, 250).Select(static i => new Mark([.. "dir/"u8, (byte)i, 0xFF], Reason(i), i % 3))];
        var writer = new ByteWriter();
        Assert.Equal(250, MarkList.Encode(writer, s_rules, marks));
        Assert.Equal(MetaKind.MarkList, MetaChunk.Kind(writer.Written));
        LeftOutMarks read = MarkList.Decode(writer.Written);
        Assert.Equal(2, read.RuleCount);
        Assert.Equal(s_rules, read.Rules);
        Assert.Equal(Flat(marks), Flat(read.Marks));
        LeftOutEntry entry = read.Entries.ElementAt(2);
        Assert.Equal(("/home/*/t\u00FC/", RuleOrigin.Configuration), (entry.Rule, entry.Origin));
    }

    [Fact]
    public void It_has_the_bytes_the_format_says()
    {
        var writer = new ByteWriter();
        MarkList.Encode(writer, [new("*", RuleOrigin.Option)],
            [new("a"u8.ToArray(), LeftOutReason.Excluded, 1), new("b"u8.ToArray(), LeftOutReason.NotEntered)]);
        Assert.Equal([7, 1, 1, 1, 1, 1, (byte)'*', 2, 1, (byte)'a', 1, 1, 1, (byte)'b', 2, 0], writer.ToArray());
    }

    [Fact]
    public void The_first_ten_thousand_are_listed_and_fewer_if_their_paths_are_long()
    {
        var writer = new ByteWriter();
        Assert.Equal(10_000, MarkList.Encode(writer, [], [.. Enumerable.Range(0, 10_001).Select(static i => Numbered(i, 3))]));
        Assert.Equal(10_000, MarkList.Decode(writer.Written).Marks.Count);
        int listed = MarkList.Encode(writer, [], [.. Enumerable.Range(0, 10_000).Select(static i => Numbered(i, 5_000))]);
        Assert.InRange(listed, 1_000, 9_999);
        Assert.Equal(listed, MarkList.Decode(writer.Written).Marks.Count);
        Assert.InRange(writer.Length, 1, 8 << 20);
    }

    [Fact]
    public void Rules_that_have_no_room_are_counted_and_the_marks_that_they_left_name_none()
    {
        ExcludeRule[] rules = [.. Enumerable.Range(0, 1_000).Select(static i => new ExcludeRule(new string('x', 4_000), RuleOrigin.Option))];
        var writer = new ByteWriter();
        MarkList.Encode(writer, rules,
            [new("a"u8.ToArray(), LeftOutReason.Excluded, 1), new("b"u8.ToArray(), LeftOutReason.Excluded, 1_000)]);
        LeftOutMarks read = MarkList.Decode(writer.Written);
        Assert.Equal(1_000, read.RuleCount);
        Assert.InRange(read.Rules.Count, 200, 300);
        Assert.Equal([1, 0], read.Marks.Select(static m => m.Rule));
    }

    [Fact]
    public void A_reason_of_a_later_writer_is_told_as_another_one()
    {
        LeftOutMarks read = MarkList.Decode([7, 1, 0, 0, 1, 1, (byte)'a', 99, 0]);
        Assert.Equal(LeftOutReason.Other, Assert.Single(read.Marks).Reason);
    }

    [Fact]
    public void A_hostile_list_is_damage()
    {
        DamagedBytes.Is(static () => MarkList.Decode([7, 1, 0, 0, 2, 1, (byte)'b', 2, 0, 1, (byte)'a', 2, 0])); // does not ascend
        DamagedBytes.Is(static () => MarkList.Decode([7, 1, 0, 0, 2, 1, (byte)'a', 2, 0, 1, (byte)'a', 2, 0])); // twice
        DamagedBytes.Is(static () => MarkList.Decode([7, 1, 0, 0, 1, 0, 2, 0])); // the root
        DamagedBytes.Is(static () => MarkList.Decode([7, 1, 0, 0, 1, 1, (byte)'a', 0, 0])); // no reason
        DamagedBytes.Is(static () => MarkList.Decode([7, 1, 0, 0, 1, 1, (byte)'a', 1, 1])); // no such rule
        DamagedBytes.Is(static () => MarkList.Decode([7, 1, 0, 1, 1, 1, (byte)'x', 0])); // more rules than there were
        DamagedBytes.Is(static () => MarkList.Decode([7, 1, 0, 0, 0x7F])); // more marks than can follow
        byte[] many = [7, 1, 0, 0, 0x91, 0x4E,
            .. Enumerable.Range(0, 10_001).SelectMany(static i => (byte[])[3, 1, (byte)(i >> 8), (byte)i, 2, 0])];
        DamagedBytes.Is(() => MarkList.Decode(many)); // more than are allowed
    }

    [Fact]
    public void Damage_is_noticed_and_never_crashes()
    {
        var writer = new ByteWriter();
        MarkList.Encode(writer, s_rules,
            [new("a/b"u8.ToArray(), LeftOutReason.Excluded, 2), new("c"u8.ToArray(), LeftOutReason.OwnDirectory)]);
        byte[] chunk = writer.ToArray();
        DamagedBytes.Survives(chunk, static c => MarkList.Decode(c));
        DamagedBytes.RejectsTruncation(chunk, static c => MarkList.Decode(c));
        chunk[0] = (byte)MetaKind.PendingList;
        Assert.Throws<VarveException>(() => MarkList.Decode(chunk));
    }

    private static LeftOutReason Reason(int i) => (i % 8) == 7 ? LeftOutReason.Other : (LeftOutReason)((i % 8) + 1);

    private static Mark Numbered(int i, int length) =>
        new([(byte)(i >> 16), (byte)(i >> 8), (byte)i, .. new byte[length - 3]], LeftOutReason.Excluded);

    private static string[] Flat(IEnumerable<Mark> marks) => [.. marks.Select(static m => $"{Convert.ToHexString(m.Path)} {m.Reason} {m.Rule}")];
}
