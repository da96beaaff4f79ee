using System.Globalization;
using System.Security.Cryptography;
using Varve.Format;
using Varve.Model.Snapshots;
using Varve.Store;
using Varve.Vault.Open;

namespace Varve.Maintain.Sessions;

/// <summary>
/// What this machine has seen of the sessions in a store (docs/protocol.md, Clocks), counted by the clock that goes on while it sleeps and
/// kept in the repository's cache from one prune to the next. A reboot begins the count anew. Losing it costs waiting. Not thread-safe.
/// </summary>
internal sealed class SessionWatch(IStore store, TimeProvider time, string cacheDirectory)
{
    private const string File = "prune-sessions";

    // What is seen of sessions that are over is kept so long: by then their writers have carried on or given up.
    private static readonly TimeSpan s_kept = Session.GreatestAge;

    // The wall clock less the time since the boot: about the same as long as the machine runs.
    private static readonly TimeSpan s_sameBoot = TimeSpan.FromMinutes(10);

    private readonly Dictionary<SessionId, Seen> _seen = Load(time, cacheDirectory);

    private sealed record Seen(string Hash, TimeSpan Since, TimeSpan First, DateTimeOffset Began, bool IsPrune);

    /// <summary>The sessions of writers that this machine first saw less than a week ago, be they over by now or not.</summary>
    internal IReadOnlySet<SessionId> RecentWriters =>
        _seen.Where(s => !s.Value.IsPrune && time.GetUtcNow() - s.Value.Began <= s_kept).Select(static s => s.Key).ToHashSet();

    /// <summary>Lists the sessions anew, and keeps what was seen.</summary>
    internal IReadOnlyList<WatchedSession> Look()
    {
        var found = new List<WatchedSession>();
        foreach (StoreObject item in store.List(ObjectKeys.Sessions))
        {
            if (!ObjectKeys.IsSession(item.Key)) { continue; }
            var id = new SessionId(Convert.FromHexString(item.Key.AsSpan(ObjectKeys.Sessions.Length)));
            byte[]? bytes = Bytes(item.Key);
            // Where listings are late, what is not found may have been put just now.
            if (bytes is null && store.Lateness == TimeSpan.Zero) { continue; }
            TimeSpan now = Session.Now(time);
            string hash = Convert.ToHexStringLower(SHA256.HashData(bytes ?? []));
            Seen seen = _seen.GetValueOrDefault(id) ?? new Seen(hash, now, now, time.GetUtcNow(), false);
            if (seen.Hash != hash) { seen = seen with { Hash = hash, Since = now }; }
            SessionFacts facts = SessionJson.Read(id, bytes ?? []);
            _seen[id] = seen with { IsPrune = facts.IsPrune };
            found.Add(new WatchedSession(facts, now - seen.Since, now - seen.First));
        }

        Save(found);
        return found;
    }

    // One that cannot be read is somebody's all the same.
    private byte[]? Bytes(string key)
    {
        try { return store.Get(key, Limits.MaxSmallObject); }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { return []; }
    }

    private void Save(IReadOnlyList<WatchedSession> found)
    {
        DateTimeOffset now = time.GetUtcNow();
        foreach ((SessionId id, Seen seen) in _seen.ToArray()) { if (now - seen.Began > s_kept) { Forget(id, seen); } }
        HashSet<SessionId> there = [.. found.Select(static s => s.Facts.Id)];
        // Where there is no room for all, those are left out that are over.
        IEnumerable<KeyValuePair<SessionId, Seen>> inOrder =
            _seen.OrderByDescending(s => there.Contains(s.Key)).ThenByDescending(static s => s.Value.First);
        CachedLines.Write(cacheDirectory, File, inOrder.Select(static s => Line(s.Key, s.Value)).Prepend(Number(Boot(time))));

        // Of one that is still there, its age is all that counts.
        void Forget(SessionId id, Seen seen)
        {
            if (Session.Now(time) - seen.First >= s_kept && !store.TryGetLength(ObjectKeys.Sessions + id, out _)) { _seen.Remove(id); }
        }
    }

    private static Dictionary<SessionId, Seen> Load(TimeProvider time, string cacheDirectory)
    {
        var seen = new Dictionary<SessionId, Seen>();
        List<string> lines = CachedLines.Read(cacheDirectory, File);
        if (lines.Count == 0 || Span(lines[0]) is not { } boot) { return seen; }
        TimeSpan now = Session.Now(time);
        bool isSame = (boot - Boot(time)).Duration() < s_sameBoot;
        foreach (string[] parts in lines.Skip(1).Select(static l => l.Split(' ')))
        {
            if (parts.Length != 6 || parts[0].Length != 2 * SessionId.Size
                || Span(parts[2]) is not { } since || Span(parts[3]) is not { } first
                || !long.TryParse(parts[4], CultureInfo.InvariantCulture, out long began) || began is < 0 or > 253402300799
                || !ObjectKeys.IsSession(ObjectKeys.Sessions + parts[0]))
            {
                continue;
            }

            bool isCounted = isSame && since <= now && first <= since;
            seen[new SessionId(Convert.FromHexString(parts[0]))] = new Seen(
                parts[1], isCounted ? since : now, isCounted ? first : now, DateTimeOffset.FromUnixTimeSeconds(began),
                parts[5] == "prune");
        }

        return seen;
    }

    private static string Line(SessionId id, Seen seen) => $"{id} {seen.Hash} {Number(seen.Since)} {Number(seen.First)} "
        + seen.Began.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) + (seen.IsPrune ? " prune" : " writer");

    private static TimeSpan Boot(TimeProvider time) => time.GetUtcNow() - DateTimeOffset.UnixEpoch - Session.Now(time);

    private static string Number(TimeSpan span) => span.Ticks.ToString(CultureInfo.InvariantCulture);

    private static TimeSpan? Span(string text) =>
        long.TryParse(text, CultureInfo.InvariantCulture, out long ticks) ? TimeSpan.FromTicks(ticks) : null;
}
