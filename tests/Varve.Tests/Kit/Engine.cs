using System.Text;
using Varve.Backup;
using Varve.History;
using Varve.Maintain.Check;
using Varve.Maintain.Findings;
using Varve.Model;
using Varve.Restore;
using Varve.Restore.Write;
using Varve.Vault;

namespace Varve.Tests.Kit;

/// <summary>What the library is asked to do with an open repository, as most tests ask it.</summary>
internal static class Engine
{
    internal static BackupResult Backup(
        Repository repository, string source, Func<BackupOptions, BackupOptions>? with = null, BackupMonitor? monitor = null,
        CancellationToken cancel = default)
    {
        var options = new BackupOptions { RootPath = Encoding.UTF8.GetBytes(source) };
        return BackupRunner.Run(repository, with is null ? options : with(options), monitor ?? new BackupMonitor(), cancel);
    }

    internal static CheckResult Check(Repository repository, bool readData = true, int workers = 0) =>
        Checker.Run(repository, new CheckOptions { ReadData = readData, Workers = workers }, new CheckMonitor(), default);

    /// <summary>Restores a snapshot, the latest if none is named.</summary>
    internal static RestoreResult Restore(
        Repository repository, string target, ObjectName snapshot = default, Func<RestoreOptions, RestoreOptions>? with = null)
    {
        var options = new RestoreOptions
        {
            Snapshot = repository.FindSnapshot(snapshot.IsNone ? "latest" : snapshot.ToString()), Target = Encoding.UTF8.GetBytes(target),
        };
        return RestoreRunner.Run(repository, with is null ? options : with(options), new RestoreMonitor(), default);
    }
}
