using System.Globalization;
using System.Text;
using Varve.Backup;
using Varve.Backup.Commit;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;
using Varve.Vault;
using Varve.Vault.Open;

namespace Varve.Tests.Backup;

/// <summary>
/// Backing up costs nothing on the managed heap for a file, chunk or entry more: what is allocated grows with directories, packs and
/// checkpoints, and all of these are far fewer.
/// </summary>
[Collection(Counting.Name)]
[Trait("Takes", "minutes")]
public sealed class BackupAllocationTests : IDisposable
{
    // Few is directories enough that as many tables and sets of changes were made as are ever under way at a time.
    private const int Few = 50_000, Many = 120_000, InDirectory = 200;

    // What a directory costs (some 9 KB) and each checkpoint, spread over the files, is 45 to 48 bytes a file; one object more for each,
    // the smallest of which has 24, fails. What a run that was slowed down allocates beside (more sets under way, events of more
    // collections) comes and goes; an object for each file comes in every try.
    private const double Most = 64;
    private const int Tries = 3;

    private readonly string _root = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(),
        "varve-alloc-" + Guid.NewGuid().ToString("N"));

    private int _measured;

    public BackupAllocationTests() => Directory.CreateDirectory(_root);

    public void Dispose() => Programs.Run("rm", "-rf", _root);

    [Fact]
    public void A_file_more_is_saved_without_allocating()
    {
        RequireFew(m => m.First);
    }

    [Fact]
    public void A_file_more_that_has_not_changed_is_looked_at_without_allocating()
    {
        RequireFew(m => m.Next);
    }

    private void RequireFew(Func<(long First, long Next), long> which)
    {
        var tries = new List<string>();
        while (tries.Count < Tries)
        {
            long few = which(Measure(Few)), many = which(Measure(Many));
            double each = (double)(many - few) / (Many - Few);
            tries.Add($"{few:N0} bytes for {Few:N0} files, {many:N0} for {Many:N0}: {each:F2} a file");
            TestContext.Current.TestOutputHelper?.WriteLine(tries[^1]);
            if (each < Most) { return; }
        }

        Assert.Fail(string.Join('\n', tries));
    }

    /// <summary>What the first and the next backup of so many files allocate.</summary>
    private (long First, long Next) Measure(int files)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{files}-{_measured++}"), source = Path.Combine(_root, name);
        for (int i = 0; i < files; i++)
        {
            string directory = Path.Combine(source, (i / InDirectory).ToString(CultureInfo.InvariantCulture));
            if (i % InDirectory == 0) { Directory.CreateDirectory(directory); }
            File.WriteAllText(Path.Combine(directory, i.ToString(CultureInfo.InvariantCulture)), $"the text of file {i} of {name}");
        }

        var options = new RepositoryOptions { CacheRoot = Path.Combine(_root, name + "-cache") };
        var key = new Credentials { KeyFilePath = Path.Combine(_root, name + "-key") };
        var location = new RepositoryLocation(Path.Combine(_root, name + "-repo"));
        RepositoryOpener.Create(RepositoryOpener.CreateStore(location), key, "key", options, h => h with { BlockSize = 256 << 10 });
        long first = Backup(), next = Backup();
        return (first, next);

        long Backup()
        {
            using Repository repository = Repository.Open(location, key, options);
            _ = repository.Indexes;

            var backup = new BackupOptions
            {
                RootPath = Encoding.UTF8.GetBytes(source), Workers = 2,
                Checkpoints = CheckpointPolicy.Default with { Interval = TimeSpan.MaxValue, PendingChunks = 16_384 },
            };
            BackupResult? result = null;
            long allocated = SmallObjects.During(
                () => result = BackupRunner.Run(repository, backup, new BackupMonitor(), TestContext.Current.CancellationToken));
            Assert.Equal(files, result!.Snapshot.Counts.Files);
            return allocated;
        }
    }
}
