using Varve.Format;
using Varve.Maintain.Sessions;
using Varve.Model.Snapshots;
using Varve.Tests.Crash;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Stores;
using Varve.Vault.Open;

namespace Varve.Tests.Maintain.Sessions;

/// <summary>What a machine remembers of sessions from one prune to the next.</summary>
public sealed class SessionWatchTests
{
    private readonly MemoryStore _store = new();
    private readonly JumpingTime _time = new();

    // The second number has no room in the cache.
    [Theory]
    [InlineData(1_000)]
    [InlineData(40_000)]
    public void However_many_sessions_a_machine_has_seen_it_knows_since_when_those_that_are_there_are_unchanged(int many)
    {
        using var cache = new ScratchDirectory();
        List<string> over = [.. Enumerable.Range(0, many).Select(_ => Put())];
        var watch = new SessionWatch(_store, _time, cache.Path);
        Assert.Equal(many, watch.Look().Count);
        foreach (string key in over) { _store.Delete(key); }
        string dead = Put();
        watch.Look();

        // Each prune looks once; the machine sees nothing between them.
        for (int hours = 1; hours <= 3; hours++)
        {
            _time.Jump(TimeSpan.FromHours(1));
            WatchedSession seen = Assert.Single(new SessionWatch(_store, _time, cache.Path).Look());
            Assert.Equal(dead, ObjectKeys.Sessions + seen.Facts.Id);
            Assert.True(seen.Unchanged >= TimeSpan.FromHours(hours) && seen.Seen >= TimeSpan.FromHours(hours), $"{seen}");
            Assert.True(seen.IsExpired);
        }

        int kept = new SessionWatch(_store, _time, cache.Path).RecentWriters.Count;
        Assert.True(kept == many + 1 || (many > 30_000 && kept > 20_000), $"{kept} are remembered");
        Assert.InRange(new FileInfo(Path.Combine(cache.Path, "prune-sessions")).Length, 1, CachedLines.Longest);
    }

    private string Put()
    {
        SessionId id = SessionId.Create();
        using var session = new Session(_store, _time, "host");
        // A session ends with its writer; a copy of it is one whose writer was killed.
        string key = ObjectKeys.Sessions + id;
        _store.Put(key, _store.Get(ObjectKeys.Sessions + session.Id, long.MaxValue)!);
        return key;
    }
}
