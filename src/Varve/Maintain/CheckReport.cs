using Varve.Model;

namespace Varve.Maintain;

/// <summary>Collects what a check finds. Thread-safe; bounded lists, exact counts.</summary>
internal sealed class CheckReport
{
    private const int MaxDamages = 1000;
    private const int MaxPaths = 20;

    private readonly object _lock = new();
    private readonly Dictionary<string, Entry> _damages = [];
    private readonly HashSet<(ObjectName Pack, ChunkId Chunk)> _badChunks = [];
    private readonly List<string> _notes = [];

    private sealed class Entry(string problem)
    {
        internal string Problem { get; } = problem;
        internal List<string> Paths { get; } = [];
        internal long PathCount { get; set; }
        internal string? LastPath { get; set; }
    }

    /// <summary>An object is damaged; the first problem named of each is kept.</summary>
    internal void Add(string name, string problem)
    {
        lock (_lock) { _damages.TryAdd(name, new Entry(problem)); }
    }

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
    internal void AddAffected(string name, string problem, string path)
    {
        lock (_lock)
        {
            if (!_damages.TryGetValue(name, out Entry? entry)) { _damages[name] = entry = new Entry(problem); }
            if (entry.LastPath == path) { return; }
            entry.LastPath = path;
            entry.PathCount++;
            if (entry.Paths.Count < MaxPaths) { entry.Paths.Add(path); }
        }
    }

    internal void Note(string note)
    {
        lock (_lock) { _notes.Add(note); }
    }

    internal (IReadOnlyList<Damage> First, long Count, IReadOnlyList<string> Notes) Result()
    {
        lock (_lock)
        {
            IEnumerable<Damage> all = _damages.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => new Damage(d.Key, d.Value.Problem, Affects(d.Value)));
            return ([.. all.Take(MaxDamages)], _damages.Count, [.. _notes]);
        }
    }

    private static string Affects(Entry entry)
    {
        if (entry.PathCount == 0) { return ""; }
        string more = entry.PathCount > entry.Paths.Count ? $" and {entry.PathCount - entry.Paths.Count} more" : "";
        return string.Join(", ", entry.Paths) + more;
    }
}
