using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Vault.Open;

namespace Varve.Tests.Golden.Shared;

/// <summary>
/// The golden repository of several keys: where it lies, and what opens it. Two of its slots are as programs made them before there were
/// identities.
/// </summary>
internal static class SharedGolden
{
    internal const string Name = "v1-shared", Manifest = "v1-shared-manifest.txt";

    internal const string Full = "full", Laptop = "laptop", Server = "server", OldFull = "old-full", OldWrite = "old-write";

    /// <summary>The labels of its slots, which are the names of their key files.</summary>
    internal static IReadOnlyList<string> Keys => [Full, Laptop, Server, OldFull, OldWrite];

    internal static string Place => GoldenTests.Place(Name);

    internal static string KeyFile(string key) => GoldenTests.Place($"{Name}-{key}.key");

    /// <summary>What must come out.</summary>
    internal static IReadOnlyList<string> Expected => File.ReadAllLines(GoldenTests.Place(Manifest));

    /// <summary>The key file, where nobody else may read it.</summary>
    internal static Credentials Credentials(ZooDirectory d, string key) => new()
    {
        KeyFilePath = KeyPlace.Of(Directory.CreateDirectory(d["key-" + Guid.NewGuid().ToString("N")]).FullName,
            File.ReadAllText(KeyFile(key))),
    };

    internal static Repository Open(ZooDirectory d, string key, string? place = null, string host = "alpha", string? cache = null,
        TimeProvider? time = null) =>
        Repository.Open(new RepositoryLocation(place ?? Place), Credentials(d, key), Options(d, host, cache ?? "cache-" + key, time));

    internal static RepositoryOptions Options(ZooDirectory d, string host, string cache, TimeProvider? time = null) => new()
    {
        CacheRoot = d[cache], Time = time ?? TimeProvider.System,
        Host = new HostEnvironment { Name = host, User = "golden", Processors = 2 },
    };

    /// <summary>What the reader that was written from the document alone makes of it.</summary>
    internal static IReadOnlyList<string> ToldByPython(ZooDirectory d, string key) => GoldenTests.Run(
        ["/usr/bin/python3", GoldenTests.Place("read_v1.py"), Place, "--key-file", Credentials(d, key).KeyFilePath!, "--tell"])
        .TrimEnd('\n').Split('\n');
}
