using Varve.Format;
using Varve.Model;

namespace Varve.Maintain.Findings;

/// <summary>
/// Collects what a check finds. Thread-safe; lists are bounded in number and in bytes, for paths may be as long as somebody makes them;
/// counts are exact as long as there is room for what they count.
/// </summary>
/// <param name="monitor">Hears of each damage.</param>
internal sealed class CheckFindings(CheckMonitor monitor)
{
    private const int MaxDamages = 1000;
    private const int MaxPaths = 20;
    private const int MaxSnapshots = 1000;

    /// <summary>What names of damaged things and paths take together at most, in characters.</summary>
    private const long MaxText = 16 << 20;

    private readonly object _lock = new();
    private readonly Dictionary<Subject, Entry> _damages = [];
    private readonly HashSet<(ObjectName Pack, ChunkId Chunk)> _badChunks = [];
    private readonly HashSet<ObjectName> _falsePacks = [];
    private readonly Dictionary<ObjectName, ObjectName> _falseRuns = [];
    private readonly List<string> _notes = [];
    private readonly List<Damage> _healed = [];
    private long _text, _unnamed;

    private sealed class Entry(string problem, Advice advice)
    {
        internal Advice Advice { get; } = advice;
        internal string Problem { get; } = problem;
        internal List<string> Paths { get; } = [];
        internal List<ObjectName> Snapshots { get; } = [];
        internal long PathCount { get; set; }

        /// <summary>Length and hash of the last path: itself it may take a megabyte.</summary>
        internal (int, int) LastPath { get; set; }
    }

    /// <summary>An object is damaged; the first problem of each is kept.</summary>
    internal void Add(Subject subject, string problem, Advice advice = Advice.RestoreObject)
    {
        lock (_lock) { EntryOf(subject, problem, advice); }
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

    /// <summary>A pack is as it was written, and a chunk in it is not what its id says.</summary>
    internal void AddFalsePack(ObjectName pack)
    {
        lock (_lock) { _falsePacks.Add(pack); }
    }

    /// <summary>The packs that were added so.</summary>
    internal IReadOnlyCollection<ObjectName> FalsePacks()
    {
        lock (_lock) { return [.. _falsePacks]; }
    }

    /// <summary>A run says of a pack what its footer does not.</summary>
    internal void AddFalseRun(ObjectName run, ObjectName pack)
    {
        lock (_lock) { _falseRuns.TryAdd(run, pack); }
    }

    /// <summary>The runs that were added so, each with a pack.</summary>
    internal IReadOnlyDictionary<ObjectName, ObjectName> FalseRuns()
    {
        lock (_lock) { return _falseRuns.ToDictionary(); }
    }

    /// <summary>The packs of which something was reported so far.</summary>
    internal HashSet<ObjectName> DamagedPacks()
    {
        var packs = new HashSet<ObjectName>();
        lock (_lock)
        {
            foreach (Subject subject in _damages.Keys)
            {
                bool isPack = subject.Kind == SubjectKind.Object && subject.Name.StartsWith(ObjectKeys.Packs, StringComparison.Ordinal);
                if (isPack && ObjectKeys.TryName(subject.Name, out ObjectName name)) { packs.Add(name); }
            }
        }

        return packs;
    }

    /// <summary>What is wrong with an object is no damage if nothing is affected by it: all it held can be read elsewhere.</summary>
    internal void Heal(Subject subject)
    {
        lock (_lock)
        {
            if (!_damages.TryGetValue(subject, out Entry? entry) || entry.PathCount > 0) { return; }
            _damages.Remove(subject);
            _healed.Add(new Damage(subject, entry.Problem, "", Advice.None));
        }
    }

    /// <summary>What was healed, by name.</summary>
    internal IReadOnlyList<Damage> Healed()
    {
        lock (_lock) { return [.. _healed.OrderBy(static d => d.Object, StringComparer.Ordinal)]; }
    }

    /// <summary>A path of a snapshot cannot be restored because of a damaged object. One snapshot after the other.</summary>
    internal void AddAffected(
        Subject subject, string problem, ObjectName snapshot, string path, Advice advice = Advice.RestoreObject)
    {
        lock (_lock)
        {
            (int, int) last = (path.Length, path.GetHashCode(StringComparison.Ordinal));
            if (EntryOf(subject, problem, advice) is not { } entry || entry.LastPath == last) { return; }
            entry.LastPath = last;
            if (entry.Snapshots.Count < MaxSnapshots && (entry.Snapshots is [] || entry.Snapshots[^1] != snapshot))
            {
                entry.Snapshots.Add(snapshot);
            }

            entry.PathCount++;
            if (entry.Paths.Count >= MaxPaths || !HasRoom(path.Length)) { return; }
            entry.Paths.Add(path);
        }
    }

    /// <inheritdoc cref="AddAffected(Subject, string, ObjectName, string, Advice)"/>
    internal void AddAffected(Subject subject, VarveException error, ObjectName snapshot, string path) =>
        AddAffected(subject, error.Reason(subject), snapshot, path, AdviceOf(error));

    internal void Note(string note)
    {
        lock (_lock) { _notes.Add(note); }
    }

    internal (IReadOnlyList<Damage> First, long Count, IReadOnlyList<string> Notes) Result()
    {
        lock (_lock)
        {
            IEnumerable<Damage> all = _damages.Select(d => new Damage(
                d.Key, d.Value.Problem, Affects(d.Value), d.Value.Advice)
            { Snapshots = d.Value.Snapshots })
                .OrderBy(d => d.Object, StringComparer.Ordinal);
            return ([.. all.Take(MaxDamages)], _damages.Count + _unnamed, [.. _notes]);
        }
    }

    /// <summary>What is known of a thing; null if it is new and there is no room for more.</summary>
    private Entry? EntryOf(Subject subject, string problem, Advice advice)
    {
        if (_damages.TryGetValue(subject, out Entry? entry)) { return entry; }
        if (!HasRoom(subject.Name.Length + (subject.Part?.Length ?? 0) + problem.Length))
        {
            _unnamed++;
            return null;
        }

        monitor.AddDamage(subject.ToString(), problem);
        return _damages[subject] = new Entry(problem, advice);
    }

    private bool HasRoom(int characters)
    {
        if (characters > MaxText - _text) { return false; }
        _text += characters;
        return true;
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
