using System.Text;
using Varve.Model;
using Varve.Store.Wire;

namespace Varve.Store.Sftp;

/// <summary>
/// Lists what lies below a store's root on a server of SFTP, many directories at once: each takes its round trips. One that a lost line cut
/// short is listed anew before anything of it is told. Thread-safe.
/// </summary>
internal sealed class SftpLister(SftpLine line, SftpRoot root)
{
    private const int AtOnce = 32;

    /// <summary>
    /// See <see cref="IStore.List(string, Action{VarveException})"/>; without <paramref name="unreadable"/> that is an error.
    /// </summary>
    internal IEnumerable<StoreObject> List(string prefix, Action<VarveException>? unreadable)
    {
        StoreKey.CheckPrefix(prefix);
        return Enumerate(prefix[..(prefix.LastIndexOf('/') + 1)], prefix, unreadable);
    }

    private IEnumerable<StoreObject> Enumerate(string first, string prefix, Action<VarveException>? unreadable)
    {
        var waiting = new Queue<string>([first]);
        while (waiting.Count > 0)
        {
            var some = new List<string>();
            while (some.Count < AtOnce && waiting.TryDequeue(out string? directory)) { some.Add(directory); }
            var done = new Listing?[some.Count];
            line.Do((files, _) => All(files, some, done));
            for (int i = 0; i < some.Count; i++)
            {
                Listing listing = done[i]!;
                if (listing.Problem is { } problem)
                {
                    if (unreadable is null || some[i].Length == 0 || problem.Kind != ErrorKind.Damaged)
                    {
                        throw problem.Kind == ErrorKind.Damaged
                            ? new VarveException(ErrorKind.Storage, problem.Subject, problem.What, problem.Advice, problem) : problem;
                    }

                    unreadable(problem);
                    continue;
                }

                foreach ((string name, SftpAttributes stat) in listing.Entries)
                {
                    string key = some[i] + name;
                    if (!key.StartsWith(prefix, StringComparison.Ordinal) || !StoreKey.IsValid(key)) { continue; }
                    bool canBeDirectory = name.Length <= StoreKey.MaxDirectoryLength;
                    if (canBeDirectory && stat.IsLink)
                    {
                        VarveException e = root.LinkError(key, unreadable is null ? ErrorKind.Storage : ErrorKind.Damaged);
                        if (unreadable is null) { throw e; }
                        unreadable(e);
                    }
                    else if (canBeDirectory && stat.IsDirectory) { waiting.Enqueue(key + "/"); }
                    else if (stat.IsFile) { yield return new StoreObject(key, stat.Length); }
                    else if (!canBeDirectory) { yield return new StoreObject(key, 0); }
                }
            }
        }
    }

    private async Task<bool> All(SftpFiles files, List<string> directories, Listing?[] done)
    {
        Task[] tasks = [.. directories.Select(async (directory, i) => done[i] ??= await One(files, directory).ConfigureAwait(false))];
        await Task.WhenAll(tasks).ConfigureAwait(false);
        return true;
    }

    private async Task<Listing> One(SftpFiles files, string directory)
    {
        string name = directory.TrimEnd('/');
        try
        {
            List<(string, SftpAttributes)> entries = await Read(files, directory).ConfigureAwait(false);
            if (name == StoreKey.MutableDirectory)
            {
                // What one reading overlooks because it is replaced, the other sees.
                var known = entries.Select(static e => e.Item1).ToHashSet(StringComparer.Ordinal);
                entries.AddRange((await Read(files, directory).ConfigureAwait(false)).Where(e => !known.Contains(e.Item1)));
            }

            return new Listing(entries, null);
        }
        catch (SftpException e) when (e.Status == SftpStatus.NoSuchFile && name.Length > 0)
        {
            // The root is there; a directory below it that is not, has never had an object put.
            try
            {
                await root.RequireThere(files).ConfigureAwait(false);
                return new Listing([], null);
            }
            catch (VarveException gone) { return new Listing([], gone); }
        }
        catch (SftpException e)
        {
            try { return new Listing([], await root.Unreadable(files, e, "listed", name + "/").ConfigureAwait(false)); }
            catch (VarveException gone) { return new Listing([], gone); }
        }
    }

    private async Task<List<(string Name, SftpAttributes Attributes)>> Read(SftpFiles files, string directory)
    {
        var entries = new List<(string, SftpAttributes)>();
        foreach ((byte[] bytes, SftpAttributes told) in await files.List(root.PathOf(directory.AsSpan().TrimEnd('/'))).ConfigureAwait(false))
        {
            string name = Encoding.Latin1.GetString(bytes); // what is no ASCII is no component then
            if (!StoreKey.IsComponent(name)) { continue; }
            SftpAttributes attributes = told;
            if (told.Mode is null || told.Size is null)
            {
                try { attributes = await files.LinkStat(root.PathOf(directory + name)).ConfigureAwait(false); }
                catch (SftpException e) when (e.Status == SftpStatus.NoSuchFile) { continue; } // deleted meanwhile
            }

            entries.Add((name, attributes));
        }

        return entries;
    }

    private sealed record Listing(List<(string Name, SftpAttributes Attributes)> Entries, VarveException? Problem);
}
