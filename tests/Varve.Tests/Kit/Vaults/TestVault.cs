using System.Text;
using Varve.Backup;
using Varve.Maintain.Check;
using Varve.Maintain.Stats;
using Varve.Model;
using Varve.Restore;
using Varve.Vault;
using Varve.Vault.Open;

namespace Varve.Tests.Kit.Vaults;

/// <summary>A repository in a directory of a test's own, used through the library: each call opens it anew, as a process would.</summary>
internal sealed class TestVault(string root)
{
    public string Place => System.IO.Path.Combine(root, "repository");

    public string Cache => System.IO.Path.Combine(root, "cache");

    public string KeyFile => KeyPlace.In(root);

    /// <summary>Warnings of all calls.</summary>
    public List<Notice> Warnings { get; } = [];

    /// <summary>So long backups take forgotten snapshots out of the catalog; null: as long as they do.</summary>
    public TimeSpan? CatalogPatience { get; set; }

    public Repository Open()
    {
        var credentials = new Credentials { KeyFilePath = KeyFile };
        var options = new RepositoryOptions { CacheRoot = Cache, Warn = w => { lock (Warnings) { Warnings.Add(w); } } };
        if (CatalogPatience is { } patience) { options = options with { CatalogPatience = patience }; }
        var location = new RepositoryLocation(Place);
        return Directory.Exists(Place) ? Repository.Open(location, credentials, options)
            : Repository.Init(location, credentials, "test", options);
    }

    public BackupResult Backup(string source, Func<BackupOptions, BackupOptions>? with = null, BackupMonitor? monitor = null,
        CancellationToken cancel = default)
    {
        using Repository repository = Open();
        return Engine.Backup(repository, source, with, monitor, cancel);
    }

    /// <summary>Backs up; no path may fail.</summary>
    public BackupResult BackupAll(string source, Func<BackupOptions, BackupOptions>? with = null)
    {
        BackupResult result = Backup(source, with);
        Assert.Empty(result.Failures);
        Assert.False(result.Snapshot.HasFailures);
        return result;
    }

    public RestoreResult Restore(string target, ObjectName snapshot = default, Func<RestoreOptions, RestoreOptions>? with = null)
    {
        using Repository repository = Open();
        return Engine.Restore(repository, target, snapshot, o => with is null ? Numeric(o) : with(Numeric(o)));

        static RestoreOptions Numeric(RestoreOptions options) => options with { NumericOwner = true };
    }

    /// <summary>Restores; no path may fail and nothing be left unset.</summary>
    public RestoreResult RestoreAll(string target, ObjectName snapshot = default)
    {
        RestoreResult result = Restore(target, snapshot);
        Assert.Empty(result.Failures);
        Assert.Empty(result.NotSet);
        return result;
    }

    /// <summary>A check that must find nothing.</summary>
    public void Check(bool readData = true)
    {
        using Repository repository = Open();
        CheckResult result = Engine.Check(repository, readData);
        Assert.Empty(result.Damages);
        Assert.Equal(0, result.DamageCount);
    }

    public RepositoryStatistics Statistics()
    {
        using Repository repository = Open();
        return global::Varve.Maintain.Stats.Statistics.Run(repository);
    }

    /// <summary>The names of all objects, sorted.</summary>
    public IReadOnlyList<string> Objects() =>
        [.. Directory.EnumerateFiles(Place, "*", SearchOption.AllDirectories).Select(f => System.IO.Path.GetRelativePath(Place, f))
        .Order(StringComparer.Ordinal)];
}
