using Varve.Model;
using Varve.Model.Bytes;
using Varve.Model.Snapshots;
using Varve.Tree;
using Varve.Tree.Lists;

namespace Varve.Fuzz.Targets;

/// <summary>
/// Lists of failures, of what is to come and of what was left out, and the public parts of condemned lists (first byte 0) and fences (9).
/// </summary>
internal sealed class ListTarget : IFuzzTarget
{
    public string Name => "list";

    public IEnumerable<byte[]> Seeds()
    {
        var writer = new ByteWriter();
        FailureList.Encode(writer, [new Failure("a/b"u8.ToArray(), FailedOperation.Read, 5, "Input/output error"),
            new Failure([], FailedOperation.Changed, 0, "")]);
        yield return writer.ToArray();
        PendingList.Encode(writer, [new PendingFile("a"u8.ToArray(), 7, new FileTime(3, 4)), new PendingFile([], long.MaxValue, default)]);
        yield return writer.ToArray();
        MarkList.Encode(writer, [new ExcludeRule("*.o", RuleOrigin.Option), new ExcludeRule("/x/**", RuleOrigin.Configuration)],
            [new Mark("a/b.o"u8.ToArray(), LeftOutReason.Excluded, 1), new Mark("m"u8.ToArray(), LeftOutReason.NotEntered)]);
        yield return writer.ToArray();
        var condemned = new CondemnedPacks(new FileTime(1, 2), new SessionId([.. Enumerable.Repeat((byte)9, SessionId.Size)]),
            [Known.Name(1), Known.Name(2)]);
        yield return [0, .. CondemnedCodec.Encode(condemned)];
        var fences = new FenceList(
            [new Fence(condemned.Session, null), new Fence(default, [Known.Name(3)]), new Fence(default, [])], [Known.Name(4)]);
        yield return [9, .. FenceCodec.Encode(fences)];
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty) { return; }
        if (input[0] == 0)
        {
            byte[] written = CondemnedCodec.Encode(CondemnedCodec.Decode(input[1..]));
            Same.Require(CondemnedCodec.Encode(CondemnedCodec.Decode(written)), written, "a condemned list");
            return;
        }

        if (input[0] == 9)
        {
            byte[] written = FenceCodec.Encode(FenceCodec.Decode(input[1..]));
            Same.Require(FenceCodec.Encode(FenceCodec.Decode(written)), written, "fences");
            return;
        }

        ByteWriter first = new(), again = new();
        if (MetaChunk.Kind(input) == MetaKind.MarkList)
        {
            Encode(first, MarkList.Decode(input));
            Encode(again, MarkList.Decode(first.Written));
        }
        else if (MetaChunk.Kind(input) == MetaKind.FailureList)
        {
            FailureList.Encode(first, FailureList.Decode(input));
            FailureList.Encode(again, FailureList.Decode(first.Written));
        }
        else
        {
            PendingList.Encode(first, PendingList.Decode(input));
            PendingList.Encode(again, PendingList.Decode(first.Written));
        }

        Same.Require(again.Written, first.Written, "a list");
    }

    private static void Encode(ByteWriter writer, LeftOutMarks marks) =>
        MarkList.Encode(writer, marks.Rules, marks.Marks, marks.RuleCount);
}
