using Varve.Format;
using Varve.Model;
using Varve.Seal;
using Varve.Store;
using Varve.Tree;

namespace Varve.Vault.Snapshots;

/// <summary>Notes in the repository: sealed, signed, read, listed. There are few. Thread-safe.</summary>
internal sealed class NoteStore(IStore store, RecordSealer records)
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
    internal IReadOnlyList<SignedNote> Load(Action<VarveException> damaged)
    {
        var notes = new List<SignedNote>();
        foreach (StoreObject item in store.List(ObjectKeys.Notes))
        {
            try
            {
                ObjectName name = ObjectKeys.Name(item.Key);
                if (store.Get(item.Key, Limits.MaxNote) is { } bytes) { notes.Add(Decode(name, bytes)); }
            }
            catch (VarveException e) when (e.Kind is ErrorKind.Damaged) { damaged(e.At(Subject.Object(item.Key))); }
        }

        notes.Sort(static (a, b) => a.Note.At.CompareTo(b.Note.At) is not 0 and var byTime ? byTime : a.Name.CompareTo(b.Name));
        return notes;
    }

    private SignedNote Decode(ObjectName name, byte[] bytes)
    {
        OpenedRecord record = records.Open(RecordKind.Note, name, bytes);
        Note note = NoteCodec.ParsePublic(record.Public);
        if (record.Private is { } secret) { note = note with { Private = NoteCodec.ParsePrivate(secret) }; }
        return new SignedNote(name, note, record.Signature);
    }
}
