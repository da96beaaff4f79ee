using Varve.Format;
using Varve.Model;
using Varve.Seal;
using Varve.Store;
using Varve.Tree;
using Varve.Vault.Objects;

namespace Varve.Vault.Snapshots;

/// <summary>Notes in the repository: sealed, signed, read, listed. What was opened once is kept on this machine.
/// Thread-safe.</summary>
/// <param name="store">Where they lie.</param>
/// <param name="records">Seals and opens them.</param>
/// <param name="cache">What this machine keeps; nothing if it cannot.</param>
internal sealed class NoteStore(IStore store, RecordSealer records, Func<RecordCache?> cache)
{
    private const int MostSnapshots = 16_384;

    /// <summary>Stores a note, signed; it is durable when this returns.</summary>
    internal ObjectName Put(Note note)
    {
        (ObjectName name, byte[] bytes) = records.Seal(
            RecordKind.Note, NoteCodec.EncodePublic(note), NoteCodec.EncodePrivate(note.Private));
        store.Put(ObjectKeys.Note(name), bytes);
        return name;
    }

    /// <summary>Stores a note of any number of snapshots, as several if it would be longer than readers take.</summary>
    internal void PutSplit(Note note)
    {
        foreach (ObjectName[] some in note.Snapshots.Chunk(MostSnapshots).DefaultIfEmpty([])) { Put(note with { Snapshots = some }); }
    }

    /// <summary>All readable notes, by time; others go to <paramref name="damaged"/>.</summary>
    internal IReadOnlyList<SignedNote> Load(Action<VarveException> damaged) => Load(damaged, cache);

    /// <summary>The same from the store alone, for who looks whether they are there.</summary>
    internal IReadOnlyList<SignedNote> LoadStored(Action<VarveException> damaged) => Load(damaged, static () => null);

    private List<SignedNote> Load(Action<VarveException> damaged, Func<RecordCache?> cache)
    {
        var notes = new List<SignedNote>();
        string[] keys = [.. store.List(ObjectKeys.Notes).Select(static o => o.Key)];
        OpenedRecords? kept = keys.Length == 0 ? null : cache()?.Notes;
        kept?.Keep(keys);
        foreach (string key in keys)
        {
            try
            {
                ObjectName name = ObjectKeys.Name(key);
                if (kept?.TryGet(key, name) is { } known) { notes.Add(Decode(name, known)); }
                else if (store.Get(key, Limits.MaxNote) is { } bytes)
                {
                    OpenedRecord record = records.Open(RecordKind.Note, name, bytes);
                    notes.Add(Decode(name, record));
                    kept?.Add(key, name, record);
                }
            }
            catch (VarveException e) when (e.Kind is ErrorKind.Damaged) { damaged(e.At(Subject.Object(key))); }
        }

        notes.Sort(static (a, b) => a.Note.At.CompareTo(b.Note.At) is not 0 and var byTime ? byTime : a.Name.CompareTo(b.Name));
        return notes;
    }

    private static SignedNote Decode(ObjectName name, OpenedRecord record)
    {
        Note note = NoteCodec.ParsePublic(record.Public);
        if (record.Private is { } secret) { note = note with { Private = NoteCodec.ParsePrivate(secret) }; }
        return new SignedNote(name, note, record.Signature);
    }
}
