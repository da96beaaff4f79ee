using Varve.Model;
using Varve.Tree;

namespace Varve.Vault.Snapshots;

/// <summary>
/// What the notes of a repository come to that say which lineages are one history, and what it is called (docs/format.md, 9.2). A history
/// goes by the id of the lineage that goes on with it. Immutable.
/// </summary>
internal sealed class LineageMap
{
    private static readonly HashSet<ObjectName> s_none = [];

    private readonly Dictionary<Bytes32, Bytes32> _heads = [];
    private readonly Dictionary<Bytes32, HashSet<Bytes32>> _sources = []; // of each head that was joined
    private readonly Dictionary<ObjectName, Bytes32> _snapshots = [];
    private readonly Dictionary<Bytes32, (string Name, HashSet<string> Replaced)> _names = [];

    private readonly HashSet<ObjectName> _givenBack = [];
    private readonly HashSet<Bytes32> _givers = [];

    /// <param name="notes">Those that count, by time.</param>
    /// <param name="takenBack">
    /// Adoptions that were taken back, and what took them back: of the latter the snapshots are those that left.
    /// </param>
    internal LineageMap(IReadOnlyList<Note> notes, IReadOnlyList<Note> takenBack)
    {
        Notes = [.. notes.Where(static n => n.Kind is NoteKind.Adoption or NoteKind.Naming)];
        // A naming says nothing but a name: who may give one may not join, or a key could take over what others recorded.
        foreach (Note note in Notes.Where(static n => n.Kind == NoteKind.Adoption && n.Lineage.Writer != Lineage.NoWriter))
        {
            foreach (Lineage other in note.Continues.Where(static o => o.Writer != Lineage.NoWriter)) { Join(note.Lineage, other); }
            foreach (ObjectName snapshot in note.Snapshots) { _snapshots[snapshot] = note.Lineage.Id; }
        }

        foreach (Note note in Notes)
        {
            if (note.Kind != NoteKind.Naming || note.Private.Name.Length == 0) { continue; }
            Bytes32 head = Of(note.Lineage);
            HashSet<string> replaced = _names.TryGetValue(head, out var known) ? known.Replaced : new(StringComparer.Ordinal);
            if (known.Name is not null) { replaced.Add(known.Name); }
            if (note.Private.FormerName.Length > 0) { replaced.Add(note.Private.FormerName); }
            replaced.Remove(note.Private.Name);
            _names[head] = (note.Private.Name, replaced);
        }

        foreach (Note note in takenBack)
        {
            _givenBack.UnionWith(note.Snapshots);
            if (note.Kind == NoteKind.Adoption) { _givers.Add(Of(note.Lineage)); }
        }
    }

    /// <summary>Snapshots that a history may have had before an adoption was taken back.</summary>
    internal IReadOnlySet<ObjectName> GivenBackBy(Bytes32 history) => _givers.Contains(history) ? _givenBack : s_none;

    /// <summary>Adoptions and namings, by time.</summary>
    internal IReadOnlyList<Note> Notes { get; }

    /// <summary>The history that a lineage belongs to: most often its own.</summary>
    internal Bytes32 Of(Lineage lineage) => Of(lineage.Id);

    /// <summary>The same for who goes by that id.</summary>
    internal Bytes32 Of(Bytes32 history) => _heads.GetValueOrDefault(history, history);

    /// <summary>
    /// The history that a snapshot of a lineage belongs to, which may have been adopted by itself; what is signed falsely never was.
    /// </summary>
    internal Bytes32 Of(ObjectName snapshot, Lineage lineage) =>
        Of(lineage.Writer != Lineage.NoWriter && _snapshots.TryGetValue(snapshot, out Bytes32 adopter) ? adopter : lineage.Id);

    /// <summary>The history that a snapshot was adopted by, by its name; null if it was not.</summary>
    internal Bytes32? AdopterOf(ObjectName snapshot) => _snapshots.TryGetValue(snapshot, out Bytes32 adopter) ? Of(adopter) : null;

    /// <summary>The snapshots that a history has adopted by name, which may lie with any source.</summary>
    internal IReadOnlySet<ObjectName> AdoptedBy(Bytes32 history)
    {
        if (_snapshots.Count == 0) { return s_none; }
        Bytes32 head = Of(history);
        return _snapshots.Where(s => Of(s.Value) == head).Select(static s => s.Key).ToHashSet();
    }

    /// <summary>The sources whose snapshots may be of the history that a lineage belongs to: its own among them.</summary>
    internal IReadOnlyCollection<Bytes32> SourcesOf(Lineage lineage) =>
        _sources.TryGetValue(Of(lineage), out HashSet<Bytes32>? sources) ? [.. sources.Append(lineage.Source).Distinct()] : [lineage.Source];

    /// <summary>What something is called that was recorded for a history under a name.</summary>
    internal string NameOf(Bytes32 history, string recorded) =>
        _names.TryGetValue(Of(history), out var known) && known.Replaced.Contains(recorded) ? known.Name : recorded;

    /// <summary>Names that a history had before it was given another.</summary>
    internal IReadOnlyCollection<string> FormerNames(Bytes32 history) =>
        _names.TryGetValue(Of(history), out var known) ? known.Replaced : [];

    private void Join(Lineage head, Lineage other)
    {
        Bytes32 id = head.Id, a = Of(head), b = Of(other);
        List<Bytes32> members = [id, other.Id, a, b, .. _heads.Where(h => h.Value == a || h.Value == b).Select(static h => h.Key)];
        HashSet<Bytes32> sources = [head.Source, other.Source, .. _sources.GetValueOrDefault(a, []), .. _sources.GetValueOrDefault(b, [])];
        foreach (Bytes32 member in members) { _heads[member] = id; }
        _sources[id] = sources;
    }
}
