using System.Security.Cryptography;
using Varve.Format;
using Varve.Index;
using Varve.Model;

namespace Varve.Repositories;

/// <content>
/// Merging, in the local cache only: every checkpoint leaves a small run in the repository, and a look-up of a chunk that is not there asks each. Many runs of a size
/// become one file here, which says by its list of superseded runs what it covers; it is used as long as the repository has exactly those, and thrown away when
/// anything about the index is in doubt. The repository's own runs stay as they are.
/// </content>
internal sealed partial class IndexSet
{
    private const int MaxRuns = 6;
    private const string MergedPrefix = "merged-";

    // Guarded by _lock: a merged run's name, and the repository's runs it covers.
    private readonly Dictionary<ObjectName, ObjectName[]> _merged = [];

    /// <summary>Merges the smaller runs when there are many. Memory does not grow with the number of chunks.</summary>
    internal void MergeIfMany()
    {
        lock (_lock)
        {
            if (_recovered || Chunks.Runs.Count <= MaxRuns) { return; }
            IReadOnlyList<RunReader> chosen = Smallest(Chunks.Runs);
            ObjectName[] covered = [.. chosen.SelectMany(r => _merged.TryGetValue(r.Name, out ObjectName[]? below) ? below : [r.Name]).Order()];
            ObjectName name = NameOf(covered);
            string path = MergedPath(name);
            RunReader merged;
            try { merged = WriteTable(path, name, file => RunMerger.Merge(chosen, file, covered)); }
            catch (VarveException e) when (e.Kind == ErrorKind.Damaged)
            {
                // A merge reads every record, so it is the first to notice a damaged copy.
                Recover();
                return;
            }

            _merged[name] = covered;
            Chunks.Merge(chosen, merged);
            foreach (RunReader run in chosen)
            {
                File.Delete(_merged.Remove(run.Name) ? MergedPath(run.Name) : CachePath(run.Name));
            }
        }
    }

    /// <summary>Opens the merged files whose runs the repository still has all; returns the runs that they cover. Others are deleted.</summary>
    private HashSet<ObjectName> OpenMerged(HashSet<ObjectName> present)
    {
        var covered = new HashSet<ObjectName>();
        foreach (string path in Directory.GetFiles(_folder, MergedPrefix + "*.run"))
        {
            RunReader? run = null;
            try
            {
                if (Bytes32.TryParseHex(Path.GetFileNameWithoutExtension(path).AsSpan(MergedPrefix.Length), out Bytes32 value))
                {
                    run = RunReader.Open(path, new ObjectName(value));
                    ObjectName[] below = [.. run.Superseded()];
                    if (below.Length > 0 && NameOf(below) == run.Name && present.IsSupersetOf(below) && !covered.Overlaps(below))
                    {
                        covered.UnionWith(below);
                        _merged[run.Name] = below;
                        Chunks.AddRun(run);
                        continue;
                    }
                }
            }
            catch (Exception e) when (e is IOException or VarveException { Kind: ErrorKind.Damaged } or VarveException { InnerException: FileNotFoundException })
            {
                // Another process was faster, or it is damaged: the runs themselves are there.
            }

            run?.Dispose();
            File.Delete(path);
        }

        return covered;
    }

    /// <summary>Goes back to the repository's own runs: something about the index is in doubt.</summary>
    private void Unmerge()
    {
        foreach ((ObjectName name, ObjectName[] below) in _merged)
        {
            foreach (ObjectName run in below)
            {
                try
                {
                    if (_repository.Store.TryGetLength(ObjectKeys.Run(run), out long length)) { Add(run, OpenRun(run, length)); }
                }
                catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
                {
                    Report(e);
                }
            }

            Chunks.Replace(name, null);
            File.Delete(MergedPath(name));
        }

        _merged.Clear();
    }

    /// <summary>The smaller runs, up to where the next is larger than all of them together: so each chunk is merged a number of times that grows with the logarithm.</summary>
    private static IReadOnlyList<RunReader> Smallest(IReadOnlyList<RunReader> largestFirst)
    {
        long sum = 0;
        int i = largestFirst.Count;
        while (i > 0 && (largestFirst.Count - i < 2 || largestFirst[i - 1].ChunkCount <= sum)) { sum += largestFirst[--i].ChunkCount; }
        return [.. largestFirst.Skip(i)];
    }

    private string MergedPath(ObjectName name) => Path.Combine(_folder, $"{MergedPrefix}{name}.run");

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
