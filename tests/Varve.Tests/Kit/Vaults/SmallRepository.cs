using System.Text;
using Varve.Backup;
using Varve.Maintain.Check;
using Varve.Model;
using Varve.Restore;
using Varve.Tests.Kit.Judges;
using Varve.Vault;
using Varve.Vault.Open;

namespace Varve.Tests.Kit.Vaults;

/// <summary>
/// A source, a repository whose packs and blocks are so small that a small tree fills many, a cache and two key files, in a directory of
/// their own. The source's states at each backup are kept for comparison.
/// </summary>
internal sealed class SmallRepository : IDisposable
{
    private readonly string _root = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(),
        "varve-damage-" + Guid.NewGuid().ToString("N"));
    private readonly string _kept;
    private readonly bool _ownsKept;
    private int _targets;

    private SmallRepository(string? kept)
    {
        _kept = kept ?? this["kept"];
        _ownsKept = kept is null;
        Directory.CreateDirectory(_root);
        if (_ownsKept)
        {
            Directory.CreateDirectory(_kept);
            RepositoryOpener.Create(RepositoryOpener.CreateStore(Location), Credentials, "first", Options(), Small);
            using Repository repository = Open();
            repository.AddKey(KeyLevel.Full, Other, "second");
            repository.AddKey(KeyLevel.Write, WriteOnly, "third");
        }
    }

    public string this[string name] => Path.Combine(_root, name);

    public string Source => this["source"];

    public string Store => this["repo"];

    public string Cache => this["cache"];

    public RepositoryLocation Location => new(Store);

    public Credentials Credentials => new() { KeyFilePath = this["key"] };

    /// <summary>Opens the second slot, full too.</summary>
    public Credentials Other => new() { KeyFilePath = this["other-key"] };

    /// <summary>Opens the third slot, which allows writing only.</summary>
    public Credentials WriteOnly => new() { KeyFilePath = this["write-key"] };

    /// <summary>All warnings so far.</summary>
    public List<Notice> Warnings { get; } = [];

    /// <summary>Snapshots in the order they were made.</summary>
    public List<ObjectName> Snapshots { get; private init; } = [];

    /// <summary>An empty repository and an empty source.</summary>
    public static SmallRepository Create()
    {
        var made = new SmallRepository(null);
        Directory.CreateDirectory(made.Source);
        return made;
    }

    /// <summary>A copy with an empty cache; the source is not copied, its kept states are shared and must outlive it.</summary>
    public SmallRepository Copy(bool withCache = false)
    {
        var copy = new SmallRepository(_kept) { Snapshots = [.. Snapshots] };
        Programs.Run("cp", "-a", Store, copy.Store);
        foreach (string key in (string[])["key", "other-key", "write-key"]) { File.Copy(this[key], copy[key]); }
        if (withCache) { Programs.Run("cp", "-a", Cache, copy.Cache); }
        return copy;
    }

    public Repository Open(Credentials? credentials = null) => Repository.Open(Location, credentials ?? Credentials, Options());

    public RepositoryOptions Options() => new() { CacheRoot = Cache, Warn = w => { lock (Warnings) { Warnings.Add(w); } } };

    /// <summary>Backs the source up and keeps its state.</summary>
    public BackupResult Backup(bool force = false, Credentials? credentials = null)
    {
        using Repository repository = Open(credentials);
        return Backup(repository, force);
    }

    /// <inheritdoc cref="Backup(bool, Credentials?)"/>
    public BackupResult Backup(Repository repository, bool force = false)
    {
        BackupResult result = Engine.Backup(repository, Source, o => o with { Force = force, Workers = 2 });
        Snapshots.Add(result.Name);
        Programs.Run("cp", "-a", Source, Path.Combine(_kept, result.Name.ToString()));
        return result;
    }

    public CheckResult Check(bool readData)
    {
        using Repository repository = Open();
        return Engine.Check(repository, readData, 2);
    }

    /// <summary>
    /// Restores into a new target and compares with the kept state. The result, and differences that no reported failure explains.
    /// </summary>
    public (RestoreResult Result, IReadOnlyList<string> Unexplained) Restore(Repository repository, ObjectName snapshot)
    {
        string target = this["target-" + _targets++];
        RestoreResult result = Engine.Restore(repository, target, snapshot, o => o with { Workers = 2 });
        if (!Directory.Exists(target))
        {
            Assert.Equal([], Assert.Single(result.Failures).Path); // the root's own entry cannot be read
            return (result, []);
        }

        List<string> unexplained = [.. TreeCompare.Compare(Path.Combine(_kept, snapshot.ToString()), target)
            .Where(d => !IsExplained(d, result.Failures))];
        Programs.Run("rm", "-rf", target);
        return (result, unexplained);
    }

    /// <summary>Restores and demands that nothing failed and nothing differs.</summary>
    public void RestoreExactly(ObjectName snapshot, Credentials? credentials = null)
    {
        using Repository repository = Open(credentials);
        (RestoreResult result, IReadOnlyList<string> unexplained) = Restore(repository, snapshot);
        Assert.Empty(unexplained);
        Assert.Equal([], result.Failures.Select(f => f.Message));
    }

    public void Dispose() => Programs.Run("rm", "-rf", _root);

    /// <summary>
    /// What failed may be missing, and so may all below a directory that could not be listed; nothing else may differ, but for the number
    /// of names.
    /// </summary>
    private static bool IsExplained(string difference, IReadOnlyList<Failure> failures)
    {
        int colon = difference.IndexOf(": ", StringComparison.Ordinal);
        string path = difference[..colon], what = difference[(colon + 2)..];
        if (failures.Count > 0 && what.Contains("names, restored", StringComparison.Ordinal)) { return true; }
        return what == "missing" && failures.Any(f =>
        {
            string failed = Encoding.Latin1.GetString(f.Path);
            return path == failed
                || (f.Operation == FailedOperation.List && (failed.Length == 0 || path.StartsWith(failed + "/", StringComparison.Ordinal)));
        });
    }

    private static RepositoryHeader Small(RepositoryHeader header) =>
        header with { PackSize = 24 << 10, BlockSize = 8 << 10, ChunkMin = 1 << 10, ChunkAverage = 2 << 10, ChunkMax = 8 << 10 };
}
