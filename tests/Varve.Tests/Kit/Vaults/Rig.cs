using System.Text;
using Varve.Backup;
using Varve.Backup.Commit;
using Varve.Maintain.Check;
using Varve.Model;
using Varve.Restore;
using Varve.Store;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Stores;
using Varve.Vault;
using Varve.Vault.Open;
using Varve.Vault.Snapshots;

namespace Varve.Tests.Kit.Vaults;

/// <summary>
/// A repository with its source, cache and key file in a directory of its own. The store is in memory unless told otherwise; every use
/// opens the repository anew, as a process would. Warnings are kept.
/// </summary>
internal sealed class Rig : IDisposable
{
    private readonly ScratchDirectory _scratch = new();
    private int _restores;

    /// <param name="store">Where the repository lies; null: in memory.</param>
    public Rig(IStore? store = null)
    {
        Store = store ?? new MemoryStore();
        Directory.CreateDirectory(Source);
        Cache = this["cache"];
        using Repository repository = Repository.Init(Kept(Store), Key, "test", Options());
    }

    public string this[string name] => Path.Combine(_scratch.Path, name);

    public string Source => this["source"];

    public string Cache { get; set; }

    public IStore Store { get; set; }

    public Credentials Key => new() { KeyFilePath = this["key"] };

    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>The host that backs up.</summary>
    public string HostName { get; set; } = HostEnvironment.OfProcess().Name;

    public List<Notice> Warnings { get; } = [];

    public RepositoryOptions Options() => new()
    {
        CacheRoot = Cache, Time = Time, Warn = Warn, Host = HostEnvironment.OfProcess() with { Name = HostName },
    };

    /// <summary>Opens the repository over a store: the rig's, or a decorator of it.</summary>
    public Repository Open(IStore? store = null) => Repository.Open(Kept(store ?? Store), Key, Options());

    public BackupResult Backup(string? source = null, IStore? store = null, CheckpointPolicy? checkpoints = null, bool force = false,
        CancellationToken cancel = default) => Within.Run(() =>
    {
        using Repository repository = Open(store);
        var options = new BackupOptions
        {
            RootPath = Encoding.UTF8.GetBytes(source ?? Source), Checkpoints = checkpoints ?? CheckpointPolicy.Default, Force = force,
        };
        return BackupRunner.Run(repository, options, new BackupMonitor(), cancel);
    });

    public IReadOnlyList<SnapshotInfo> Snapshots()
    {
        using Repository repository = Open();
        return repository.Snapshots(static e => throw e);
    }

    public CheckResult Check(bool readData = true, IStore? store = null) => Within.Run(() =>
    {
        using Repository repository = Open(store);
        return Engine.Check(repository, readData);
    });

    public void RequireClean(string when, bool readData = true)
    {
        CheckResult result = Check(readData);
        Assert.True(result.DamageCount == 0,
            $"{when}: {string.Join("\n", result.Damages.Select(d => $"{d.Object}: {d.Problem} ({d.Affects})"))}");
    }

    /// <summary>Restores into a directory of its own, which the caller may remove.</summary>
    public string Restore(ObjectName name, out RestoreResult result)
    {
        string target = this[$"restored-{_restores++}"];
        result = Within.Run(() =>
        {
            using Repository repository = Open();
            return Engine.Restore(repository, target, name);
        });
        return target;
    }

    /// <summary>The snapshot restores to exactly this tree.</summary>
    public void RequireRestores(ObjectName name, string expected, string when)
    {
        string target = Restore(name, out RestoreResult result);
        Assert.True(result.FailureCount == 0,
            $"{when}: restoring {name} failed: {string.Join("; ", result.Failures.Select(f => $"{PathText.Of(f.Path)}: {f.Message}"))}");
        IReadOnlyList<string> differences = TreeCompare.Compare(expected, target);
        Assert.True(differences.Count == 0, $"{when}: snapshot {name} differs: {string.Join("; ", differences)}");
        Programs.Run("rm", "-rf", target);
    }

    /// <summary>A copy of a tree with everything that restoring brings back, to compare with later.</summary>
    public string Keep(string tree, string name)
    {
        Programs.Run("cp", "-a", tree, this[name]);
        return this[name];
    }

    /// <summary>Removes every object below a prefix, as a prune or a thief would.</summary>
    public void Remove(string prefix)
    {
        foreach (StoreObject one in Store.List(prefix).ToArray()) { Store.Delete(one.Key); }
    }

    /// <summary>A backup that dies before the first operation on the store that begins so: <c>put snapshots/</c>.</summary>
    public void Die(string before) => Assert.Throws<InvalidOperationException>(() => Backup(store: Dying(before)));

    /// <summary>A store at which whoever uses it dies so.</summary>
    public HookStore Dying(string before) => new(Store)
    {
        Before = o => { if (o.StartsWith(before, StringComparison.Ordinal)) { throw new InvalidOperationException("dead"); } },
    };

    public static VarveException Throws(ErrorKind kind, Action action)
    {
        VarveException e = Assert.Throws<VarveException>(action);
        Assert.True(e.Kind == kind, $"{e.Kind} instead of {kind}: {e}");
        return e;
    }

    public void Dispose()
    {
        (Store as IDisposable)?.Dispose();
        _scratch.Dispose();
    }

    private void Warn(Notice notice)
    {
        lock (Warnings) { Warnings.Add(notice); }
    }

    // A repository disposes of its store; the rig's lives on.
    private static HookStore Kept(IStore store) => new(store);
}
