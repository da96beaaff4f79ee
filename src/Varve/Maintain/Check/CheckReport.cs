using Varve.Model;

namespace Varve.Maintain.Check;

/// <summary>Collects what a check finds. Thread-safe; bounded lists, exact counts.</summary>
internal sealed class CheckReport
{
    private const int MaxDamages = 1000;
    private const int MaxPaths = 20;

    private readonly object _lock = new();
    private readonly Dictionary<Subject, Entry> _damages = [];
    private readonly HashSet<(ObjectName Pack, ChunkId Chunk)> _badChunks = [];
    private readonly List<string> _notes = [];

    private sealed class Entry(string problem, Advice advice)
    {
        internal Advice Advice { get; } = advice;
        internal string Problem { get; } = problem;
        internal List<string> Paths { get; } = [];
        internal long PathCount { get; set; }
        internal string? LastPath { get; set; }
    }

    /// <summary>An object is damaged; the first problem of each is kept.</summary>
    internal void Add(Subject subject, string problem, Advice advice = Advice.RestoreObject)
    {
        lock (_lock) { _damages.TryAdd(subject, new Entry(problem, advice)); }
    }

    /// <summary>The object that an error is about is damaged.</summary>
    internal void Add(VarveException error) => Add(error.Subject.Whole, error);

    /// <summary>An object is damaged, or what an error says of another makes it useless.</summary>
    internal void Add(Subject subject, VarveException error) => Add(subject, error.Reason(subject), AdviceOf(error));

    /// <summary>A chunk cannot be read from a pack; another may have it.</summary>
    internal void AddBadChunk(ObjectName pack, ChunkId id)
    {
        lock (_lock) { _badChunks.Add((pack, id)); }
    }

    internal bool IsBad(ObjectName pack, ChunkId id)
    {
        lock (_lock) { return _badChunks.Contains((pack, id)); }
    }

    internal IReadOnlyCollection<ObjectName> BadPacks()
    {
        lock (_lock) { return _badChunks.Select(static b => b.Pack).ToHashSet(); }
    }

    /// <summary>A path cannot be restored because of a damaged object.</summary>
    internal void AddAffected(Subject subject, string problem, string path, Advice advice = Advice.RestoreObject)
    {
        lock (_lock)
        {
            if (!_damages.TryGetValue(subject, out Entry? entry)) { _damages[subject] = entry = new Entry(problem, advice); }
            if (entry.LastPath == path) { return; }
            entry.LastPath = path;
            entry.PathCount++;
            if (entry.Paths.Count < MaxPaths) { entry.Paths.Add(path); }
        }
    }

    /// <inheritdoc cref="AddAffected(Subject, string, string, Advice)"/>
    internal void AddAffected(Subject subject, VarveException error, string path) =>
        AddAffected(subject, error.Reason(subject), path, AdviceOf(error));

    internal void Note(string note)
    {
        lock (_lock) { _notes.Add(note); }
    }

    internal (IReadOnlyList<Damage> First, long Count, IReadOnlyList<string> Notes) Result()
    {
        lock (_lock)
        {
            IEnumerable<Damage> all = _damages.Select(d => new Damage(d.Key, d.Value.Problem, Affects(d.Value), d.Value.Advice))
                .OrderBy(d => d.Object, StringComparer.Ordinal);
            return ([.. all.Take(MaxDamages)], _damages.Count, [.. _notes]);
        }
    }

    // To look for damage with a check is what is being done.
    private static Advice AdviceOf(VarveException error) =>
        error.Advice is Advice.CheckRepository or Advice.None ? Advice.RestoreObject : error.Advice;

    private static string Affects(Entry entry)
    {
        if (entry.PathCount == 0) { return ""; }
        string more = entry.PathCount > entry.Paths.Count ? $" and {entry.PathCount - entry.Paths.Count} more" : "";
        return string.Join(", ", entry.Paths) + more;
    }
}
