using System.Diagnostics;
using System.Text;
using Varve.Format;
using Varve.Maintain.Check;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Restore;
using Varve.Store;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;
using Varve.Vault.Open;
using Varve.Vault.Runs;

namespace Varve.Tests.Maintain;

/// <summary>
/// A repository of three snapshots that tests copy and damage, and what must hold after any damage: nothing but
/// <see cref="VarveException"/> is thrown, no wrong byte is restored, and what could not be restored is reported.
/// </summary>
internal static class Damaged
{
    private static readonly Lazy<SmallRepository> s_pristine = new(Make);

    /// <summary>The undamaged repository, with a warm cache. Not to be changed.</summary>
    public static SmallRepository Pristine => s_pristine.Value;

    /// <summary>All objects, each with the sort it is of; packs told apart by kind.</summary>
    public static IReadOnlyList<(string Sort, string Key)> Objects { get; } = List();

    /// <summary>The path of an object's file.</summary>
    public static string File(SmallRepository repository, string key) => Path.Combine(repository.Store, key);

    /// <summary>Where a snapshot lies, among those of its source; if it is not there, nowhere.</summary>
    public static string SnapshotKey(SmallRepository repository, ObjectName snapshot) =>
        Directory.GetFileSystemEntries(File(repository, "snapshots"), snapshot.ToString(), SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(repository.Store, path)).SingleOrDefault("snapshots/" + snapshot);

    /// <summary>Replaces an object's bytes; null deletes it.</summary>
    public static void Write(SmallRepository repository, string key, byte[]? bytes)
    {
        string path = File(repository, key);
        System.IO.File.Delete(path);
        if (bytes is not null) { System.IO.File.WriteAllBytes(path, bytes); }
    }

    /// <summary>Restores all three snapshots and judges; returns the paths that failed, over all snapshots.</summary>
    public static IReadOnlyCollection<string> Judge(SmallRepository repository, Credentials? credentials = null)
    {
        var failed = new SortedSet<string>(StringComparer.Ordinal);
        using Repository opened = repository.Open(credentials);
        foreach (ObjectName snapshot in repository.Snapshots)
        {
            if (!System.IO.Path.Exists(File(repository, SnapshotKey(repository, snapshot)))) { continue; }
            try
            {
                (RestoreResult result, IReadOnlyList<string> unexplained) = repository.Restore(opened, snapshot);
                Assert.Empty(unexplained);
                Assert.Equal(result.Failures.Count, result.FailureCount);
                foreach (Failure failure in result.Failures)
                {
                    Assert.NotEmpty(failure.Message);
                    failed.Add("/" + Encoding.Latin1.GetString(failure.Path));
                }
            }
            catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
            {
                // The snapshot itself, or its root tree.
                failed.Add("/");
            }
        }

        return failed;
    }

    /// <summary>
    /// Demands that a check that reads data named the object, and for every path that failed to be restored something that affects it.
    /// </summary>
    public static void Explains(CheckResult check, string? key, IEnumerable<string> failed)
    {
        Assert.Equal(check.Damages.Count, check.DamageCount);
        if (key is not null)
        {
            Assert.True(check.Damages.Any(d => IsNamed(d, key)), $"{key} is not named: {string.Join("; ", check.Damages)}");
        }
        foreach (string path in failed)
        {
            Assert.True(check.Damages.Any(d => Affects(d, path)), $"{path} is not said to be affected: {string.Join("; ", check.Damages)}");
        }
    }

    private static bool IsNamed(Damage damage, string key) =>
        damage.Object.Contains(key[(key.LastIndexOf('/') + 1)..], StringComparison.Ordinal);

    private static bool Affects(Damage damage, string path)
    {
        // "snapshot 01234567:/a/b and all below it, snapshot ..."; snapshots that are themselves unreadable affect everything in them.
        if (damage.Object.StartsWith("snapshots/", StringComparison.Ordinal) || damage.Affects.EndsWith(" more", StringComparison.Ordinal))
        {
            return true;
        }
        foreach (string affected in damage.Affects.Split(", "))
        {
            string at = affected[(affected.IndexOf(':', StringComparison.Ordinal) + 1)..];
            if (at == path) { return true; }
            if (at.EndsWith(" and all below it", StringComparison.Ordinal)
                && (path + "/").StartsWith(at[..^" and all below it".Length], StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static SmallRepository Make()
    {
        SmallRepository repository = SmallRepository.Create();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => repository.Dispose();
        MixedTree.Create(repository.Source);
        repository.Backup();
        MixedTree.Change(repository.Source, 1);
        repository.Backup();
        MixedTree.Change(repository.Source, 2);
        repository.Backup();
        using Repository opened = repository.Open();
        Condemn.Put(opened, [new ObjectName(new Bytes32([.. Enumerable.Repeat((byte)7, 32)]))]);
        Debug.Assert(repository.Warnings.Count == 0);
        return repository;
    }

    private static List<(string, string)> List()
    {
        var all = new List<(string, string)>();
        using Repository repository = Pristine.Open();
        Dictionary<ObjectName, PackKind> kinds = repository.Indexes.Packs().ToDictionary(p => p.Name, p => p.Kind);
        foreach (StoreObject item in repository.Store.List(""))
        {
            string sort = item.Key.Split('/')[0];
            if (sort == "packs" && ObjectKeys.TryName(item.Key, out ObjectName name))
            {
                sort = kinds[name] == PackKind.Meta ? "meta pack" : "data pack";
            }
            all.Add((sort, item.Key));
        }

        all.Sort();
        return all;
    }
}
