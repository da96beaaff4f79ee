using System.Text;
using Varve.Backup;
using Varve.Catalog;
using Varve.Maintain.Stats;
using Varve.Restore;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>Files of sizes that any user can make, on a file system that has no limit below 8 EiB.</summary>
public sealed class HugeFilesTests : IDisposable
{
    private readonly SmallRepository _small = SmallRepository.Create();

    public void Dispose() => _small.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Two_sparse_files_of_4_EiB_do_not_end_the_backup_of_everybody(bool newestFirst)
    {
        Sparse("h1", 1L << 62);
        Sparse("h2", 1L << 62);
        File.WriteAllText(Path.Combine(_small.Source, "f"), "precious");
        using Repository repository = _small.Open();
        for (int run = 0; run < 2; run++)
        {
            BackupResult result = Engine.Backup(repository, _small.Source, o => o with { NewestFirst = newestFirst });
            Assert.Equal((0L, 3L, long.MaxValue), (result.FailureCount, result.Snapshot.Counts.Files, result.Snapshot.Counts.Bytes));
        }

        Assert.Equal(long.MaxValue, Statistics.Run(repository).ProtectedBytes);
        Assert.Equal(0, Engine.Check(repository).DamageCount);
        var rows = new List<object?>();
        CatalogSql.Query(repository.CatalogPath, "SELECT sum(size), (SELECT sum(bytes) FROM snapshots) FROM files WHERE kind = 'file'", _ => { },
            rows.AddRange);
        Assert.Equal([long.MaxValue, long.MaxValue], rows);
        Assert.Equal(Advice.LiftLimits, Assert.Throws<VarveException>(() => Engine.Restore(repository, _small["target"])).Advice);
        RestoreResult restored = Engine.Restore(repository, _small["target"], with: static o => o with { NoLimits = true });
        Assert.Equal((3L, 0L), (restored.Files, restored.FailureCount));
        Assert.Equal("precious", File.ReadAllText(Path.Combine(_small["target"], "f")));
    }

    [Fact]
    public void A_file_of_the_largest_size_there_is_is_saved_and_restored()
    {
        Sparse("h", long.MaxValue);
        using Repository repository = _small.Open();
        BackupResult result = Engine.Backup(repository, _small.Source);
        Assert.Equal((0L, long.MaxValue), (result.FailureCount, result.Snapshot.Counts.Bytes));
        Engine.Restore(repository, _small["target"], with: static o => o with { NoLimits = true });
        Assert.Equal(long.MaxValue, new FileInfo(Path.Combine(_small["target"], "h")).Length);
    }

    [Fact]
    public void A_run_that_is_cancelled_inside_a_large_file_does_not_read_it_to_its_end()
    {
        const long size = 400L << 20;
        using (FileStream file = File.Create(Path.Combine(_small.Source, "large")))
        {
            byte[] mebibyte = new byte[1 << 20];
            for (long at = 0; at < size; at += mebibyte.Length) { file.Write(mebibyte); }
        }

        using Repository repository = _small.Open();
        using var cancel = new CancellationTokenSource();
        var monitor = new BackupMonitor();
        var watch = new Thread(() =>
        {
            while (monitor.Read().BytesRead == 0 && !cancel.IsCancellationRequested) { Thread.Yield(); }
            cancel.Cancel();
        });
        watch.Start();
        Assert.ThrowsAny<OperationCanceledException>(() => BackupRunner.Run(repository,
            new BackupOptions { RootPath = Encoding.UTF8.GetBytes(_small.Source) }, monitor, cancel.Token));
        watch.Join();
        Assert.InRange(monitor.Read().BytesRead, 1, size - 1);
        BackupResult again = Engine.Backup(repository, _small.Source);
        Assert.Equal((0L, size), (again.FailureCount, again.Snapshot.Counts.Bytes));
    }

    private void Sparse(string name, long size)
    {
        using FileStream file = File.Create(Path.Combine(_small.Source, name));
        file.SetLength(size);
    }
}
