using Varve.Model;
using Varve.Tree;

namespace Varve.Vault.Snapshots;

/// <summary>What all notes of a repository come to that are said by who may say it (docs/format.md, 9.1). Immutable.</summary>
internal sealed class NoteBook
{
    private readonly HashSet<ObjectName> _acknowledged = [];

    /// <param name="notes">All readable ones, by time.</param>
    internal NoteBook(IReadOnlyList<SignedNote> notes)
    {
        List<SignedNote> standing = Standing(notes);
        Adoptions = [.. standing.Where(static n => n.Counts && n.Note.Kind == NoteKind.Adoption)];
        Lineages = new LineageMap([.. standing.Where(static n => n.Counts).Select(static n => n.Note)], TakenBack(notes, standing));
        OfSnapshots = new SnapshotNotes(standing);
        foreach (SignedNote note in standing.Where(static n => n.Note.Kind == NoteKind.Acknowledgement && n.Signature.IsFull))
        {
            _acknowledged.UnionWith(note.Note.Snapshots);
        }
    }

    /// <summary>The adoptions that hold, by time.</summary>
    internal IReadOnlyList<SignedNote> Adoptions { get; }

    /// <summary>Which lineages are one, and what they are called.</summary>
    internal LineageMap Lineages { get; }

    /// <summary>What is said of single snapshots.</summary>
    internal SnapshotNotes OfSnapshots { get; }

    /// <summary>
    /// Whether it is as it should be, or known to somebody with a full key, that a snapshot of that writer is not there, or is signed
    /// falsely.
    /// </summary>
    internal bool IsSettled(ObjectName snapshot, Bytes32 writer) =>
        _acknowledged.Contains(snapshot) || OfSnapshots.IsForgotten(snapshot, writer);

    /// <summary>The adoptions that were taken back, with the withdrawals that say so; nothing if none was.</summary>
    private static IReadOnlyList<Note> TakenBack(IReadOnlyList<SignedNote> notes, List<SignedNote> standing)
    {
        Note[] withdrawals =
            [.. standing.Where(static n => n.Note.Kind == NoteKind.Withdrawal && n.Signature.IsFull).Select(static n => n.Note)];
        if (withdrawals.Length == 0) { return []; }
        Note[] adoptions = [.. notes.Where(n => n.Note.Kind == NoteKind.Adoption && n.Counts
            && Array.Exists(withdrawals, w => w.Withdrawn.Contains(n.Name))).Select(static n => n.Note)];
        return adoptions.Length == 0 ? [] : [.. adoptions, .. withdrawals];
    }

    /// <summary>
    /// Those that no withdrawal takes back which stands itself. A note names others by their hashes, so they do not go round in a circle.
    /// </summary>
    private static List<SignedNote> Standing(IReadOnlyList<SignedNote> notes)
    {
        if (!notes.Any(static n => n.Note.Kind == NoteKind.Withdrawal)) { return [.. notes]; }
        ILookup<ObjectName, SignedNote> withdrawals = notes.Where(static n => n.Note.Kind == NoteKind.Withdrawal && n.Signature.IsFull)
            .SelectMany(static n => n.Note.Withdrawn.Distinct().Select(w => (Withdrawn: w, By: n)))
            .ToLookup(static p => p.Withdrawn, static p => p.By);
        var known = new Dictionary<ObjectName, bool>();
        var open = new Stack<SignedNote>(notes);
        while (open.TryPeek(out SignedNote? note))
        {
            // Without recursion: of a chain of withdrawals nobody knows how long it is.
            SignedNote[] unknown = [.. withdrawals[note.Name].Where(w => !known.ContainsKey(w.Name))];
            foreach (SignedNote one in unknown) { open.Push(one); }
            if (unknown.Length > 0) { continue; }
            known[note.Name] = !withdrawals[note.Name].Any(w => known[w.Name]);
            open.Pop();
        }

        return [.. notes.Where(n => known[n.Name])];
    }
}
