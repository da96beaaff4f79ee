using Varve.Lookup;
using Varve.Model;
using Varve.Platform.Files;

namespace Varve.Vault.Chunks;

/// <summary>
/// The local copies of index runs, as tables for looking up. Other processes use the same directory: what one of them takes away stays open
/// in those that opened it. Thread-safe.
/// </summary>
internal sealed class RunCache
{
    private const string Suffix = ".run";
    private const string MergedPrefix = "merged-";

    private readonly string _folder;

    /// <summary>Makes the directory if need be.</summary>
    internal RunCache(string folder)
    {
        _folder = folder;
        string above = Path.GetDirectoryName(folder)!;
        PrivateDirectory.Ensure(above, Subject.Cache(above), Advice.ChooseCache);
        PrivateDirectory.Ensure(folder, Subject.Cache(folder), Advice.ChooseCache);
    }

    /// <summary>Where the table of a run is, or would be.</summary>
    internal string PathOf(ObjectName run) => Path.Combine(_folder, run + Suffix);

    /// <summary>Where the table of a merged run is, or would be.</summary>
    internal string MergedPathOf(ObjectName merged) => Path.Combine(_folder, MergedPrefix + merged + Suffix);

    /// <summary>Where the table of packs that no run lists may be for a moment.</summary>
    internal string FooterPathOf(ObjectName name) => Path.Combine(_folder, $"footers-{name}{Suffix}");

    /// <summary>All tables that are there now.</summary>
    internal string[] Tables() => Directory.GetFiles(_folder, "*" + Suffix);

    /// <summary>The tables of merged runs that are there now, each with the name it bears, or null for one that bears none.</summary>
    internal IEnumerable<(string Path, ObjectName? Name)> Merged()
    {
        foreach (string path in Directory.GetFiles(_folder, MergedPrefix + "*" + Suffix))
        {
            bool named = Bytes32.TryParseHex(Path.GetFileNameWithoutExtension(path).AsSpan(MergedPrefix.Length), out Bytes32 value);
            yield return (path, named ? new ObjectName(value) : null);
        }
    }

    /// <summary>Opens the table of a run; null if there is none. One that is not what it should be is deleted, never believed.</summary>
    internal RunReader? TryOpen(ObjectName run)
    {
        string path = PathOf(run);
        if (!File.Exists(path)) { return null; }
        try { return RunReader.Open(path, run); }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { File.Delete(path); }
        catch (VarveException e) when (e.InnerException is FileNotFoundException) { /* another process merged it away just now */ }
        return null;
    }

    /// <summary>
    /// Writes the table of a run, if it is large with a sieve, without which a look-up in it would cost several reads; and opens it. It is
    /// open before it gets its name: from then on another process may merge it away.
    /// </summary>
    internal static RunReader Write(string path, ObjectName name, Action<Stream> write)
    {
        string temporary = $"{path}.{Environment.ProcessId}.{Guid.NewGuid():N}";
        RunReader? run = null;
        try
        {
            using (FileStream file = File.Create(temporary)) { write(file); }
            RunSieve.Append(temporary, name);
            run = RunReader.Open(temporary, name);
            File.Move(temporary, path, overwrite: true);
            return run;
        }
        catch (Exception e)
        {
            run?.Dispose();
            if (e is not (IOException or UnauthorizedAccessException)) { throw; }
            throw new VarveException(ErrorKind.Storage, Subject.Cache(path), $"cannot be written: {e.Message}", Advice.ChooseCache, e);
        }
        finally { File.Delete(temporary); }
    }

    /// <summary>Deletes those of <paramref name="tables"/> whose runs are no longer in the repository: they only take room.</summary>
    internal static void DropStale(string[] tables, HashSet<ObjectName> present)
    {
        foreach (string path in tables)
        {
            string name = Path.GetFileNameWithoutExtension(path);
            if (Bytes32.TryParseHex(name, out Bytes32 value) && !present.Contains(new ObjectName(value))) { File.Delete(path); }
        }
    }
}
