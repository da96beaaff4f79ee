using Varve.Model;
using Varve.Seal;
using Varve.Tree;

namespace Varve.Fuzz.Targets;

/// <summary>The plaintext of snapshots; the private part as if it were opened.</summary>
internal sealed class SnapshotTarget : IFuzzTarget
{
    public string Name => "snapshot";

    public IEnumerable<byte[]> Seeds()
    {
        var names = new SnapshotPrivate
        {
            Source = "s", Host = "h", User = "u", RootPath = "/r"u8.ToArray(), CanonicalRoot = "/c"u8.ToArray(), FailureList = Known.Chunk(1),
            PendingList = Known.Chunk(2), Tags = ["a", "b"],
        };
        var snapshot = new Snapshot
        {
            SourceId = Known.Id(3), Start = new FileTime(1_700_000_000, 5), End = new FileTime(-1, 999_999_999), RootTree = Known.Chunk(4),
            IsPartial = true, HasFailures = true, Parent = Known.Name(5), Program = "varve",
            Counts = new SnapshotCounts { Files = 1, Bytes = long.MaxValue, Moved = 3, PendingFiles = 2, PendingBytes = 7 },
        };
        yield return RecordSealer.Parts(SnapshotCodec.EncodePublic(snapshot), SnapshotCodec.EncodePrivate(names));
        snapshot = snapshot with { IsPartial = false, HasFailures = false, Parent = default, Counts = new SnapshotCounts() };
        names = names with { FailureList = default, PendingList = default, Tags = [] };
        yield return RecordSealer.Parts(SnapshotCodec.EncodePublic(snapshot), SnapshotCodec.EncodePrivate(names));
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        RecordSealer.Unwrap(input, out ReadOnlySpan<byte> open, out ReadOnlySpan<byte> secret, out _);
        byte[] written = SnapshotCodec.EncodePublic(SnapshotCodec.ParsePublic(open));
        Same.Require(SnapshotCodec.EncodePublic(SnapshotCodec.ParsePublic(written)), written, "a public part");
        byte[] names = SnapshotCodec.EncodePrivate(SnapshotCodec.ParsePrivate(secret));
        Same.Require(SnapshotCodec.EncodePrivate(SnapshotCodec.ParsePrivate(names)), names, "a private part");
    }
}
