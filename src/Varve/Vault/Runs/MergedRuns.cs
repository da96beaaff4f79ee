using System.Security.Cryptography;
using Varve.Format;
using Varve.Lookup;
using Varve.Model;

namespace Varve.Vault.Runs;

/// <summary>
/// Merging, in the local cache only: every checkpoint leaves a small run in the repository, and a look-up of a chunk that is not there asks
/// each. Many runs become one table here, which remembers of each what it was, so that nothing is known less than by the runs themselves.
/// It stays when some of its runs are left out or gone: those are masked, until they are most of it. The repository's own runs stay as
/// they are.
/// <para>Not thread-safe: the index set's lock is held.</para>
/// </summary>
internal sealed class MergedRuns(RunCache cache, ChunkIndex chunks)
{
    private const int MaxRuns = 6;

    // A merged table's name, and the repository's runs it covers.
    private readonly Dictionary<ObjectName, ObjectName[]> _covered = [];

    /// <summary>The repository's runs that merged tables cover.</summary>
    internal IEnumerable<ObjectName> Covered => _covered.Values.SelectMany(static below => below);

    /// <summary>
    /// Merges the smaller tables when there are many, and writes anew one that is mostly of runs that are <paramref name="gone"/>. Memory
    /// does not grow with the number of chunks.
    /// </summary>
    /// <exception cref="VarveException">Damaged: a merge reads every record, so it is the first to notice a damaged copy.</exception>
    internal void MergeIfMany(IReadOnlySet<ObjectName> gone)
    {
        if (Chosen(chunks.Runs) is { Count: > 0 } chosen) { Merge(chosen, gone); }
        if (gone.Count == 0) { return; }
        foreach (RunReader run in chunks.Runs.Where(r => _covered.ContainsKey(r.Name) && IsMostly(r, gone))) { Merge([run], gone); }
    }

    /// <summary>
    /// Opens the merged tables of which the repository still has something, and tells of each run in them. Others are deleted.
    /// </summary>
    /// <param name="isCurrent">Whether a run, as a table remembers it, is what the repository would say today.</param>
    /// <param name="mayBePresent">Whether the repository has a run.</param>
    /// <param name="known">Hears of each run that is opened.</param>
    internal void Open(Func<RunOrigin, bool> isCurrent, Func<ObjectName, bool> mayBePresent, Action<RunOrigin> known)
    {
        var covered = new HashSet<ObjectName>();
        foreach ((string table, ObjectName? name) in cache.Merged())
        {
            RunReader? run = null;
            try
            {
                if (name is { } named && (run = cache.Open(table, named)) is not null)
                {
                    IReadOnlyList<RunOrigin> origins = run.Origins();
                    ObjectName[] below = [.. origins.Select(static o => o.Run).Order()];
                    bool isIt = NameOf(below) == run.Name && below.Any(mayBePresent) && !covered.Overlaps(below) && origins.All(isCurrent);
                    if (isIt)
                    {
                        covered.UnionWith(below);
                        _covered[run.Name] = below;
                        chunks.AddRun(run);
                        foreach (RunOrigin origin in origins) { known(origin); }
                        continue;
                    }
                }
            }
            catch (VarveException e) when (e.Kind == ErrorKind.Damaged)
            {
                // The runs themselves are there.
            }

            run?.Dispose();
            cache.Delete(table);
        }
    }

    /// <summary>
    /// Goes back to the repository's own runs, which <paramref name="reopen"/> adds: something about the index is in doubt.
    /// </summary>
    internal void TakeApart(Action<ObjectName> reopen)
    {
        foreach ((ObjectName name, ObjectName[] below) in _covered)
        {
            foreach (ObjectName run in below) { reopen(run); }
            chunks.Replace(name, null);
            cache.Delete(RunCache.NameOfMerged(name));
        }

        _covered.Clear();
    }

    /// <summary>
    /// When there are many: the largest table that is no larger than all smaller ones together, and those. So whatever is written again
    /// comes into a table of at least twice the size of the one it was in: no chunk is merged more often than the logarithm of their
    /// number. None if each is larger than all that are smaller, which for the same reason are few.
    /// </summary>
    private static IReadOnlyList<RunReader> Chosen(IReadOnlyList<RunReader> largestFirst)
    {
        if (largestFirst.Count <= MaxRuns) { return []; }
        long smaller = largestFirst.Sum(static r => (long)r.ChunkCount);
        for (int i = 0; i < largestFirst.Count - 1; i++)
        {
            smaller -= largestFirst[i].ChunkCount;
            if (largestFirst[i].ChunkCount <= smaller) { return [.. largestFirst.Skip(i)]; }
        }

        return [];
    }

    private static bool IsMostly(RunReader run, IReadOnlySet<ObjectName> gone)
    {
        bool[] isGone = [.. run.Origins().Select(o => gone.Contains(o.Run))];
        return Array.Exists(isGone, static g => g) && run.Packs().Count(p => isGone[p.Origin]) * 2L >= run.PackCount;
    }

    private void Merge(IReadOnlyList<RunReader> chosen, IReadOnlySet<ObjectName> gone)
    {
        ObjectName[] covered = [.. chosen.SelectMany(r => _covered.TryGetValue(r.Name, out ObjectName[]? below) ? below : [r.Name])
            .Where(r => !gone.Contains(r)).Order()];
        if (covered.Length == 0) { return; }
        ObjectName name = NameOf(covered);
        RunReader merged = cache.Write(RunCache.NameOfMerged(name), name,
            file => RunMerger.Merge(chosen, file, run => !gone.Contains(run)));
        string[] replaced = [.. chosen.Select(run =>
            _covered.Remove(run.Name) ? RunCache.NameOfMerged(run.Name) : RunCache.NameOf(run.Name))];
        _covered[name] = covered;
        chunks.Merge(chosen, merged);
        foreach (string table in replaced) { cache.Delete(table); }
    }

    private static ObjectName NameOf(ObjectName[] covered)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> bytes = stackalloc byte[Bytes32.Size];
        foreach (ObjectName name in covered)
        {
            name.Value.CopyTo(bytes);
            hash.AppendData(bytes);
        }

        return new ObjectName(hash.GetHashAndReset());
    }
}
