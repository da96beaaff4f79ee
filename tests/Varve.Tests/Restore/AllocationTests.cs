using System.Globalization;
using System.Text;
using Varve.Backup;
using Varve.History;
using Varve.Maintain.Check;
using Varve.Model;
using Varve.Restore;
using Varve.Restore.Write;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;
using Varve.Vault;
using Varve.Vault.Open;

namespace Varve.Tests.Restore;

/// <summary>
/// Restoring and checking cost nothing on the managed heap for a file more: what is allocated grows with directories and blocks, and both
/// are far fewer.
/// </summary>
[Collection(Counting.Name)]
[Trait("Takes", "minutes")]
public sealed class AllocationTests : IDisposable
{
    private const int Few = 60_000, Many = 180_000, InDirectory = 500;

    // The smallest object. What a run that was slowed down allocates beside comes and goes; an object for each file comes in every try.
    private const double Most = 24;
    private const int Tries = 3;

    private readonly string _root = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(),
        "varve-alloc-" + Guid.NewGuid().ToString("N"));

    public AllocationTests() => Directory.CreateDirectory(_root);

    public void Dispose() => Programs.Run("rm", "-rf", _root);

    [Fact]
    public void A_file_more_is_restored_without_allocating()
    {
        RequireFew((repository, name) =>
        {
            RestoreResult result = RestoreRunner.Run(
                repository,
                new RestoreOptions
                {
                    Snapshot = repository.FindSnapshot("latest"),
                    Target = Encoding.UTF8.GetBytes(Path.Combine(_root, "target-" + name)), Workers = 2
                },
                new RestoreMonitor(), TestContext.Current.CancellationToken);
            Assert.Empty(result.Failures);
            return result.Files;
        });
    }

    [Fact]
    public void A_file_more_is_checked_without_allocating()
    {
        RequireFew((repository, _) =>
        {
            CheckResult result = Engine.Check(repository, true, 1);
            Assert.Equal(0, result.DamageCount);
            return result.Chunks;
        });
    }

    private void RequireFew(Func<Repository, string, long> work)
    {
        Measure("warm", 100, work);
        var tries = new List<string>();
        while (tries.Count < Tries)
        {
            long few = Measure($"few-{tries.Count}", Few, work), many = Measure($"many-{tries.Count}", Many, work);
            double each = (double)(many - few) / (Many - Few);
            tries.Add($"{few:N0} bytes for {Few:N0} files, {many:N0} for {Many:N0}: {each:F2} a file");
            TestContext.Current.TestOutputHelper?.WriteLine(tries[^1]);
            if (each < Most) { return; }
        }

        Assert.Fail(string.Join('\n', tries));
    }

    private long Measure(string name, int files, Func<Repository, string, long> work)
    {
        string source = Path.Combine(_root, name), cache = Path.Combine(_root, name + "-cache");
        for (int i = 0; i < files; i++)
        {
            string directory = Path.Combine(source, (i / InDirectory).ToString(CultureInfo.InvariantCulture));
            if (i % InDirectory == 0) { Directory.CreateDirectory(directory); }
            File.WriteAllText(Path.Combine(directory, i.ToString(CultureInfo.InvariantCulture)), $"the text of file {i} of {name}");
        }

        var options = new RepositoryOptions { CacheRoot = cache };
        var key = new Credentials { KeyFilePath = Path.Combine(_root, name + "-key") };
        var location = new RepositoryLocation(Path.Combine(_root, name + "-repo"));
        RepositoryOpener.Create(RepositoryOpener.CreateStore(location), key, "key", options, h => h with { BlockSize = 64 << 10 });
        using (Repository made = Repository.Open(location, key, options)) { Engine.Backup(made, source, o => o with { Workers = 2 }); }

        using Repository repository = Repository.Open(location, key, options);
        _ = repository.Indexes;
        long done = 0;
        long allocated = SmallObjects.During(() => done = work(repository, name));
        Assert.True(done >= files, $"{done} of {files}");
        return allocated;
    }
}
