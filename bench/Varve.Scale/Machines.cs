using System.Diagnostics;
using System.Globalization;
using System.Text;
using Varve.Format;
using Varve.Model;
using Varve.Vault;
using Varve.Vault.Open;

namespace Varve.Scale;

/// <summary>
/// A repository that many machines share: each has a key slot, an index run, and snapshots that are sealed and signed as by itself, under
/// trees and packs that do not exist. One machine is real: this, with a small source.
/// </summary>
internal static class Machines
{
    private const int Files = 2_000, ChunksOfMachine = 1_000;

    /// <summary>Makes the repository and the source, and backs that up twice, so that caches are warm.</summary>
    internal static void Make(string folder, int machines, int snapshots)
    {
        Random random = new(1);
        using (Repository repository = Repository.Init(Location(folder), Key(folder), "scale", Options(folder)))
        {
            for (int m = 0; m < machines; m++)
            {
                Directory.CreateDirectory(Path.Combine(folder, "keys"));
                var key = new Credentials { KeyFilePath = Path.Combine(folder, "keys", $"{m}") };
                repository.AddKey(KeyLevel.Write, key, $"machine {m}");
                using Repository own = Repository.Open(
                    Location(folder), key, Options(folder) with { CacheRoot = Path.Combine(folder, "others") });
                ulong first = (ulong)m * ChunksOfMachine;
                own.Indexes.WriteRun(MadeUpChunks.Packs(first, first + ChunksOfMachine));
                Put(own, m, snapshots, random);
            }
        }

        string source = Path.Combine(folder, "source");
        for (int i = 0; i < Files; i++)
        {
            string file = Path.Combine(source, $"{i % 50}", $"{i}");
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, $"{random.Next()}");
        }

        Backup(folder);
        Backup(folder);
    }

    /// <summary>An unchanged backup: what it took, and what it asked of the store.</summary>
    internal static IEnumerable<(string Name, double Value)> Backup(string folder) => Measure(folder, repository =>
        repository.Backup(new BackupOptions { RootPath = Encoding.UTF8.GetBytes(Path.Combine(folder, "source")) }));

    /// <summary>A listing of all snapshots: what it took, and what it asked of the store.</summary>
    internal static IEnumerable<(string Name, double Value)> List(string folder) =>
        Measure(folder, static repository => repository.Snapshots());

    private static IEnumerable<(string Name, double Value)> Measure(string folder, Action<Repository> work)
    {
        long before = ReadByProcess(), start = Stopwatch.GetTimestamp();
        double processor = Environment.CpuUsage.TotalTime.TotalSeconds;
        using var store = new CountingStore(RepositoryOpener.OpenStore(Location(folder)));
        using (Repository repository = Repository.Open(store, Key(folder), Options(folder))) { work(repository); }

        return
        [
            ("seconds", Stopwatch.GetElapsedTime(start).TotalSeconds),
            ("processor_seconds", Environment.CpuUsage.TotalTime.TotalSeconds - processor),
            ("lists", store.Listings.Lists), ("listed", store.Listings.Listed),
            ("reads", store.Reads.Reads), ("bytes_from_store", store.Reads.Bytes), ("bytes_read", ReadByProcess() - before),
        ];
    }

    private static void Put(Repository own, int machine, int snapshots, Random random)
    {
        string host = $"machine-{machine}.example";
        Bytes32 source = own.SourceId(host, "/home"u8);
        ObjectName parent = default;
        var random32 = new byte[Bytes32.Size];
        for (int s = 0; s < snapshots; s++)
        {
            random.NextBytes(random32);
            var start = new FileTime(1_700_000_000 + (86_400 * s) + machine, 0);
            (ObjectName name, byte[] bytes) = own.SnapshotStore.Seal(new Snapshot
            {
                SourceId = source, Start = start, End = start.Plus(1), RootTree = new ChunkId(new Bytes32(random32)), FlagsMoving = true,
                Counts = new SnapshotCounts { Files = 100_000, Directories = 10_000, Bytes = 1L << 36 },
                Parent = parent, Generation = s + 1, Program = "varve 1.0",
                Private = new SnapshotPrivate
                {
                    Source = "home", Host = host, User = "ada", RootPath = "/home"u8.ToArray(), CanonicalRoot = "/home"u8.ToArray(),
                },
            });
            own.Store.Put(ObjectKeys.Snapshot(source, name), bytes);
            parent = name;
        }
    }

    private static long ReadByProcess() => long.Parse(
        File.ReadLines("/proc/self/io").First(static l => l.StartsWith("rchar: ", StringComparison.Ordinal))["rchar: ".Length..],
        CultureInfo.InvariantCulture);

    private static RepositoryLocation Location(string folder) => new(Path.Combine(folder, "repository"));

    private static Credentials Key(string folder) => new() { KeyFilePath = Path.Combine(folder, "key") };

    private static RepositoryOptions Options(string folder) => new() { CacheRoot = Path.Combine(folder, "cache") };
}
