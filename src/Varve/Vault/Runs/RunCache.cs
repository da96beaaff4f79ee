using Varve.Lookup;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Vault.Runs;

/// <summary>
/// The local copies of index runs, as tables for looking up, in a private directory that is held open. Other processes use the same
/// directory: what one of them takes away stays open in those that opened it. Thread-safe.
/// </summary>
internal sealed class RunCache : IDisposable
{
    private const string Suffix = ".run";
    private const string MergedPrefix = "merged-";

    private readonly PrivateDirectory _folder;

    /// <summary>Opens the directory in the repository's cache, and makes it if need be.</summary>
    internal RunCache(PrivateDirectory cache) => _folder = cache.OpenChild("index", Advice.ChooseCache);

    /// <summary>What the table of a run is called.</summary>
    internal static string NameOf(ObjectName run) => run + Suffix;

    /// <summary>What the table of a merged run is called.</summary>
    internal static string NameOfMerged(ObjectName merged) => MergedPrefix + merged + Suffix;

    /// <summary>What the table of packs that no run lists is called for a moment.</summary>
    internal static string NameOfFooters(ObjectName name) => $"footers-{name}{Suffix}";

    /// <summary>Where a table lies, for messages.</summary>
    internal string Where(string table) => Path.Combine(_folder.Path, table);

    /// <summary>The names of all tables that are there now.</summary>
    /// <exception cref="VarveException">Storage: the directory cannot be listed.</exception>
    internal string[] Tables()
    {
        int errno = _folder.List(out List<string> names);
        return errno == 0 ? [.. names.Where(static n => n.EndsWith(Suffix, StringComparison.Ordinal))]
            : throw new VarveException(ErrorKind.Storage, Subject.Cache(_folder.Path), $"cannot be listed: {Errno.Message(errno)}",
                Advice.ChooseCache);
    }

    /// <summary>The tables of merged runs that are there now, each with the name it bears, or null for one that bears none.</summary>
    internal IEnumerable<(string Table, ObjectName? Name)> Merged()
    {
        foreach (string table in Tables().Where(static n => n.StartsWith(MergedPrefix, StringComparison.Ordinal)))
        {
            bool named = Bytes32.TryParseHex(table.AsSpan(MergedPrefix.Length, table.Length - MergedPrefix.Length - Suffix.Length),
                out Bytes32 value);
            yield return (table, named ? new ObjectName(value) : null);
        }
    }

    /// <summary>Opens a table; null if there is none.</summary>
    /// <exception cref="VarveException">Damaged, Storage.</exception>
    internal RunReader? Open(string table, ObjectName name) => RunReader.Open(_folder, table, name);

    /// <summary>Opens the table of a run; null if there is none. One that is not what it should be is deleted, never believed.</summary>
    internal RunReader? TryOpen(ObjectName run)
    {
        RunReader? table = null;
        try
        {
            table = Open(NameOf(run), run);
            if (table is null || (table.Origins() is [{ } origin] && origin.Run == run)) { return table; }
        }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { /* It is made again. */ }

        table?.Dispose();
        Delete(NameOf(run));
        return null;
    }

    /// <summary>
    /// Writes the table of a run, if it is large with a sieve, without which a look-up in it would cost several reads; and opens it. It is
    /// open before it gets its name: from then on another process may merge it away.
    /// </summary>
    internal RunReader Write(string table, ObjectName name, Action<Stream> write)
    {
        string temporary = $"{table}.{Environment.ProcessId}.{Guid.NewGuid():N}";
        RunReader? run = null;
        try
        {
            using (FileStream file = _folder.Create(temporary)) { write(file); }
            RunSieve.Append(_folder, temporary, name);
            run = Open(temporary, name) ?? throw new IOException(Errno.Message(Errno.ENOENT));
            int errno = _folder.Rename(temporary, table);
            return errno == 0 ? run : throw new IOException(Errno.Message(errno));
        }
        catch (Exception e)
        {
            run?.Dispose();
            Delete(temporary);
            if (e is not IOException) { throw; }
            throw new VarveException(ErrorKind.Storage, Subject.Cache(Where(table)), $"cannot be written: {Errno.Message(e)}",
                Advice.ChooseCache, e);
        }
    }

    /// <summary>Deletes a table, if it is there and can be: one too many takes room and is never believed.</summary>
    internal void Delete(string table) => _ = _folder.Remove(table);

    /// <summary>
    /// Deletes those of <paramref name="tables"/> whose runs are no longer in the repository, or are in a merged one: they only take room.
    /// </summary>
    internal void DropStale(string[] tables, HashSet<ObjectName> present, Func<ObjectName, bool> isMerged)
    {
        foreach (string table in tables)
        {
            bool named = Bytes32.TryParseHex(Path.GetFileNameWithoutExtension(table), out Bytes32 value);
            var name = new ObjectName(value);
            if (named && (!present.Contains(name) || isMerged(name))) { Delete(table); }
        }
    }

    /// <summary>Closes the directory; runs that are open stay so.</summary>
    public void Dispose() => _folder.Dispose();
}
