using Varve.Model;
using Varve.Seal;
using Varve.Tree;

namespace Varve.Fuzz.Targets;

/// <summary>The plaintext of notes; the private part as if it were opened.</summary>
internal sealed class NoteTarget : IFuzzTarget
{
    public string Name => "note";

    public IEnumerable<byte[]> Seeds()
    {
        var note = new Note
        {
            Kind = NoteKind.Adoption, At = new FileTime(1_700_000_000, 5), Lineage = new Lineage(Known.Id(3), Known.Id(4)),
            Continues = [new Lineage(Known.Id(5), default)], Snapshots = [Known.Name(6)], Withdrawn = [Known.Name(7)],
            Until = new FileTime(1, 2),
        };
        var names = new NotePrivate
        {
            Name = "n", FormerName = "f", Host = "h", Root = "/r"u8.ToArray(), Added = ["a", "b"], Removed = ["c"], Reason = "why",
        };
        yield return RecordSealer.Parts(NoteCodec.EncodePublic(note), NoteCodec.EncodePrivate(names));
        note = new Note { Kind = NoteKind.Forgetting, At = new FileTime(-1, 999_999_999) };
        yield return RecordSealer.Parts(NoteCodec.EncodePublic(note), NoteCodec.EncodePrivate(NotePrivate.Empty));
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        RecordSealer.Unwrap(input, out ReadOnlySpan<byte> open, out ReadOnlySpan<byte> secret, out _);
        byte[] written = NoteCodec.EncodePublic(NoteCodec.ParsePublic(open));
        Same.Require(NoteCodec.EncodePublic(NoteCodec.ParsePublic(written)), written, "a public part");
        byte[] names = NoteCodec.EncodePrivate(NoteCodec.ParsePrivate(secret));
        Same.Require(NoteCodec.EncodePrivate(NoteCodec.ParsePrivate(names)), names, "a private part");
    }
}
