using Varve.Format;
using Varve.Maintain.Forget;
using Varve.Maintain.Retention;
using Varve.Model;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.Maintain.Forget;

/// <summary>A small repository with a snapshot, of which others are made that have its tree and say otherwise when they began.</summary>
internal sealed class Forgettable : IDisposable
{
    internal Forgettable()
    {
        File.WriteAllText($"{Small.Source}/file", "content");
        First = Small.Backup().Name;
    }

    /// <summary>The repository.</summary>
    internal SmallRepository Small { get; } = SmallRepository.Create();

    /// <summary>The snapshot that a backup made.</summary>
    internal ObjectName First { get; }

    /// <summary>Makes a snapshot that began some days ago, signed by a key, as the next of its history.</summary>
    internal ObjectName Add(double daysAgo, Credentials? key = null, Func<Snapshot, Snapshot>? with = null)
    {
        using Repository full = Small.Open(), writer = Small.Open(key);
        Snapshot real = full.SnapshotStore.Read(First);
        Bytes32 history = full.SnapshotStore.Sources.Of(writer.OwnLineage(real.SourceId));
        SnapshotInfo? last = full.Snapshots().LastOrDefault(s => s.Snapshot.HistoryId == history);
        Snapshot made = real with
        {
            Start = FileTime.From(TimeProvider.System.GetUtcNow().AddDays(-daysAgo)),
            Generation = (last?.Snapshot.Generation ?? 0) + 1,
            Parent = last?.Name ?? default,
        };
        (ObjectName name, byte[] bytes) = writer.SnapshotStore.Seal(with is null ? made : with(made));
        writer.Store.Put(ObjectKeys.Snapshot(real.SourceId, name), bytes);
        return name;
    }

    /// <summary>Forgets what a policy does not keep.</summary>
    internal ForgetResult Forget(RetentionPolicy policy, Func<ForgetRequest, ForgetRequest>? with = null, Credentials? key = null,
        Action<VarveException>? damaged = null)
    {
        ForgetRequest request = All(policy);
        using Repository repository = Small.Open(key);
        return repository.Forget(with is null ? request : with(request), damaged ?? (static e => throw e));
    }

    /// <summary>Forgets some by name.</summary>
    internal ForgetResult ForgetNamed(ObjectName name, bool allowsEmpty = false, Credentials? key = null)
    {
        using Repository repository = Small.Open(key);
        SnapshotInfo info = repository.FindSnapshot(name.ToString());
        return repository.Forget(new ForgetRequest { Named = [info], Zone = TimeZoneInfo.Utc, AllowsEmpty = allowsEmpty, Why = "named" },
            static e => throw e);
    }

    /// <summary>The names of all there are, in order.</summary>
    internal IReadOnlyList<ObjectName> Names()
    {
        using Repository repository = Small.Open();
        return [.. repository.Snapshots(static _ => { }).Select(static s => s.Name)];
    }

    /// <summary>A snapshot as it is read.</summary>
    internal SnapshotInfo Read(ObjectName name)
    {
        using Repository repository = Small.Open();
        return repository.FindSnapshot(name.ToString());
    }

    /// <summary>Does something with the repository.</summary>
    internal T With<T>(Func<Repository, T> what, Credentials? key = null)
    {
        using Repository repository = Small.Open(key);
        return what(repository);
    }

    /// <summary>The file of a snapshot's object.</summary>
    internal string FileOf(ObjectName name) =>
        Directory.GetFiles(Path.Combine(Small.Store, "snapshots"), name.ToString(), SearchOption.AllDirectories).Single();

    /// <summary>Nothing is missing or damaged, and nobody was warned that something is.</summary>
    internal void RequireClean()
    {
        Assert.Empty(Small.Check(readData: true).Damages);
        Assert.DoesNotContain(Small.Warnings, static w => w.Advice == Advice.AcknowledgeMissing);
    }

    /// <summary>Keeps the last some.</summary>
    internal static RetentionPolicy Last(int count) => new() { Counts = [new CountRule(Period.Snapshot, count)] };

    /// <summary>One policy for all.</summary>
    internal static ForgetRequest All(RetentionPolicy policy) => new() { PolicyOf = _ => policy, Zone = TimeZoneInfo.Utc };

    public void Dispose() => Small.Dispose();
}
