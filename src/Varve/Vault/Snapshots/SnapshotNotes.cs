using Varve.Model;
using Varve.Model.Snapshots;
using Varve.Tree;

namespace Varve.Vault.Snapshots;

/// <summary>
/// What notes say of single snapshots: that they were forgotten, are pinned, have other tags (docs/format.md, 9.1). A note counts of those
/// that its signer recorded, or of all if a full key signed it. Immutable.
/// </summary>
internal sealed class SnapshotNotes
{
    private readonly Dictionary<ObjectName, List<SignedNote>> _said = [];

    /// <param name="standing">Notes that nothing takes back, by time.</param>
    internal SnapshotNotes(IEnumerable<SignedNote> standing)
    {
        foreach (SignedNote note in standing)
        {
            if (note.Signature.State != SignatureState.Valid || note.Note.Kind is not (NoteKind.Forgetting or NoteKind.Pin or NoteKind.Tags))
            {
                continue;
            }

            foreach (ObjectName snapshot in note.Note.Snapshots)
            {
                if (!_said.TryGetValue(snapshot, out List<SignedNote>? said)) { _said[snapshot] = said = []; }
                said.Add(note);
            }
        }
    }

    /// <summary>Whether a record says that a snapshot of that writer was forgotten.</summary>
    internal bool IsForgotten(ObjectName snapshot, Bytes32 writer) => Last(snapshot, writer, NoteKind.Forgetting) is not null;

    /// <summary>
    /// Whether a snapshot that is still there is to go: a record says that it was forgotten, and no later pin that holds says that it is
    /// not to be.
    /// </summary>
    internal bool IsToGo(ObjectName snapshot, Bytes32 writer, FileTime now) =>
        Last(snapshot, writer, NoteKind.Forgetting) is { } record
        && (Last(snapshot, writer, NoteKind.Pin) is not { } pin || IsBefore(pin, record) || !PinOf(pin)!.HoldsAt(now));

    /// <summary>Whether one that is not to go will be once the pin ends that holds it.</summary>
    internal bool MayGoLater(ObjectName snapshot, Bytes32 writer, FileTime now) =>
        IsForgotten(snapshot, writer) && PinOf(snapshot, writer) is { Until: not null } pin && pin.HoldsAt(now);

    /// <summary>The pin of a snapshot of that writer, whether or not it still holds; null if it never had one.</summary>
    internal SnapshotPin? PinOf(ObjectName snapshot, Bytes32 writer) => PinOf(Last(snapshot, writer, NoteKind.Pin));

    /// <summary>The tags that a snapshot of that writer has by now, of which it recorded some.</summary>
    internal IReadOnlyList<string> TagsOf(ObjectName snapshot, Bytes32 writer, IReadOnlyList<string> recorded)
    {
        if (!_said.TryGetValue(snapshot, out List<SignedNote>? said)) { return recorded; }
        List<string>? tags = null;
        foreach (SignedNote note in said)
        {
            if (note.Note.Kind != NoteKind.Tags || !Counts(note, writer)) { continue; }
            tags ??= [.. recorded];
            tags.RemoveAll(note.Note.Private.Removed.Contains);
            foreach (string tag in note.Note.Private.Added)
            {
                if (!tags.Contains(tag)) { tags.Add(tag); }
            }
        }

        return tags ?? recorded;
    }

    /// <summary>When the last of the notes about some snapshots was said, by whomever; null if there are none.</summary>
    internal FileTime? LastAt(IEnumerable<ObjectName> snapshots)
    {
        FileTime? last = null;
        foreach (ObjectName snapshot in snapshots)
        {
            if (!_said.TryGetValue(snapshot, out List<SignedNote>? said)) { continue; }
            if (last is not { } known || said[^1].Note.At > known) { last = said[^1].Note.At; }
        }

        return last;
    }

    private SignedNote? Last(ObjectName snapshot, Bytes32 writer, NoteKind kind) =>
        _said.TryGetValue(snapshot, out List<SignedNote>? said) ? said.FindLast(n => n.Note.Kind == kind && Counts(n, writer)) : null;

    private static SnapshotPin? PinOf(SignedNote? pin) =>
        pin is null ? null : new SnapshotPin(pin.Note.Until, pin.Note.At, pin.Signature.Writer!, pin.Note.Private.Reason);

    private static bool Counts(SignedNote note, Bytes32 writer) =>
        note.Signature.IsFull || (!writer.IsZero && note.Signature.Writer!.Uid == writer);

    private static bool IsBefore(SignedNote a, SignedNote b) =>
        a.Note.At < b.Note.At || (a.Note.At == b.Note.At && a.Name.CompareTo(b.Name) < 0);
}
