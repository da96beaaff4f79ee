namespace Varve.Tests.Crash.Thrash;

/// <summary>
/// What the program said of snapshots, and was told: which have to be there, and as which state of which source each has to restore.
/// </summary>
internal sealed class ThrashTruth
{
    private readonly Dictionary<string, (ThrashSource Source, int Version)> _committed = [];
    private readonly HashSet<string> _forgotten = [];

    /// <summary>Those that a backup called committed, and that nobody was ever told to forget, be it somebody who was killed.</summary>
    internal IEnumerable<string> Needed => _committed.Keys.Where(s => !_forgotten.Contains(s));

    internal void Committed(string snapshot, ThrashSource source, int version) => _committed[snapshot] = (source, version);

    internal void Forgotten(IEnumerable<string> snapshots) => _forgotten.UnionWith(snapshots);

    internal bool IsForgotten(string snapshot) => _forgotten.Contains(snapshot);

    /// <summary>The state of a snapshot that some backup said it committed.</summary>
    internal int? VersionOf(string snapshot) => _committed.TryGetValue(snapshot, out var found) ? found.Version : null;
}
