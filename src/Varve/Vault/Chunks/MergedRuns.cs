using System.Security.Cryptography;
using Varve.Format;
using Varve.Lookup;
using Varve.Model;

namespace Varve.Vault.Chunks;

/// <summary>
/// Merging, in the local cache only: every checkpoint leaves a small run in the repository, and a look-up of a chunk that is not there asks
/// each. Many runs of a size become one file here, which says by its list of superseded runs what it covers; it is used as long as the
/// repository has exactly those, and thrown away when anything about the index is in doubt. The repository's own runs stay as they are.
/// <para>Not thread-safe: the index set's lock is held.</para>
/// </summary>
internal sealed class MergedRuns(RunCache cache, ChunkIndex chunks)
{
    private const int MaxRuns = 6;

    // A merged run's name, and the repository's runs it covers.
    private readonly Dictionary<ObjectName, ObjectName[]> _covered = [];

    /// <summary>Merges the smaller runs when there are many. Memory does not grow with the number of chunks.</summary>
    /// <exception cref="VarveException">Damaged: a merge reads every record, so it is the first to notice a damaged copy.</exception>
    internal void MergeIfMany()
    {
        if (chunks.Runs.Count <= MaxRuns) { return; }
        IReadOnlyList<RunReader> chosen = Smallest(chunks.Runs);
        ObjectName[] covered = [.. chosen.SelectMany(r => _covered.TryGetValue(r.Name, out ObjectName[]? below) ? below : [r.Name])
            .Order()];
        ObjectName name = NameOf(covered);
        RunReader merged = RunCache.Write(cache.MergedPathOf(name), name, file => RunMerger.Merge(chosen, file, covered));
        _covered[name] = covered;
        chunks.Merge(chosen, merged);
        foreach (RunReader run in chosen)
        {
            File.Delete(_covered.Remove(run.Name) ? cache.MergedPathOf(run.Name) : cache.PathOf(run.Name));
        }
    }

    /// <summary>
    /// Opens the merged files whose runs the repository still has all; returns the runs that they cover. Others are deleted.
    /// </summary>
    internal HashSet<ObjectName> Open(HashSet<ObjectName> present)
    {
        var covered = new HashSet<ObjectName>();
        foreach ((string path, ObjectName? name) in cache.Merged())
        {
            RunReader? run = null;
            try
            {
                if (name is { } named)
                {
                    run = RunReader.Open(path, named);
                    ObjectName[] below = [.. run.Superseded()];
                    if (below.Length > 0 && NameOf(below) == run.Name && present.IsSupersetOf(below) && !covered.Overlaps(below))
                    {
                        covered.UnionWith(below);
                        _covered[run.Name] = below;
                        chunks.AddRun(run);
                        continue;
                    }
                }
            }
            catch (Exception e)
                when (e is IOException or VarveException { Kind: ErrorKind.Damaged }
                or VarveException { InnerException: FileNotFoundException })
            {
                // Another process was faster, or it is damaged: the runs themselves are there.
            }

            run?.Dispose();
            File.Delete(path);
        }

        return covered;
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
            File.Delete(cache.MergedPathOf(name));
        }

        _covered.Clear();
    }

    /// <summary>
    /// The smaller runs, up to where the next is larger than all of them together: so each chunk is merged a number of times that grows
    /// with the logarithm.
    /// </summary>
    private static IReadOnlyList<RunReader> Smallest(IReadOnlyList<RunReader> largestFirst)
    {
        long sum = 0;
        int i = largestFirst.Count;
        while (i > 0 && (largestFirst.Count - i < 2 || largestFirst[i - 1].ChunkCount <= sum)) { sum += largestFirst[--i].ChunkCount; }
        return [.. largestFirst.Skip(i)];
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
