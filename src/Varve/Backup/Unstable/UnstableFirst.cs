using Varve.Backup.Content;
using Varve.Backup.Run;
using Varve.Backup.Sources;
using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Model;
using Varve.Model.Paths;
using Varve.Platform;
using Varve.Walk;

namespace Varve.Backup.Unstable;

/// <summary>
/// Copies the unstable files before anything else is done: clones where that can be, else plain copies, which are kept until the walk comes
/// to the files. Returns those that are no more, at their place or at all.
/// </summary>
internal sealed class UnstableFirst(RunIdentity run, RunRules rules, Spool spool)
{
    private readonly MomentCopier _copier = new();

    internal List<UnstableRow> Copy(SourceTree source, CatalogReader catalog, IReadOnlyList<UnstableRow> rows, CancellationToken cancelled)
    {
        var gone = new List<UnstableRow>();
        foreach (UnstableRow row in rows)
        {
            cancelled.ThrowIfCancellationRequested();
            // Of a source that is one file the row lies above the root.
            byte[][]? path = row.Directory == run.Source.RootDirectory ? null : CanonicalPaths.Parts(catalog.PathOf(row.Directory));
            bool isGone = true;
            // Which of several roots the walk takes a file from does not matter here: a copy that nobody asks for is thrown away.
            foreach (SourceLayer layer in source.Layers)
            {
                isGone &= Copy(layer, path, row.Name) is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP;
            }

            if (isGone) { gone.Add(row); }
        }

        return gone;
    }

    private int Copy(SourceLayer layer, byte[][]? path, byte[] name)
    {
        int errno = OpenParent(layer, path, out DirectoryHandle? directory);
        if (directory is null) { return errno; }
        errno = EntryReader.OpenFile(directory.Fd, path is null ? layer.Root.Name : name, out SafeFd file);
        if (errno == 0) { errno = Copy(file.Value, directory.Fd); }
        file.Close();
        directory.Release();
        return errno;
    }

    /// <summary>Every failure but one that says that the file is gone is left for the walk to find again.</summary>
    private int Copy(int file, int directory)
    {
        if (Posix.Stat(file, out EntryStat stat) is not 0 and var errno) { return errno; }
        if (stat.Kind != EntryKind.File) { return Errno.ENOENT; }
        SpoolFile? copy = null;
        try
        {
            copy = spool.TryClone(file, directory);
            if (copy is null && (copy = spool.TryCreate(stat.AllocatedBytes)) is not null)
            {
                _copier.Copy(file, StabilityProof.StatTells(file, in stat, rules.RecentAfter), copy, out bool hasRoom);
                if (!hasRoom) { copy.Stability = Stability.Torn; }
            }
        }
        catch (ReadFailedException e)
        {
            copy?.Dispose();
            return e.Errno;
        }

        if (copy?.Stability is Stability.Torn) { copy.Dispose(); }
        else if (copy is not null) { spool.Keep(copy); }
        return 0;
    }

    /// <summary>The directory that a layer has at a path of the source, be it in what is mounted in the layer.</summary>
    private static int OpenParent(SourceLayer layer, byte[][]? path, out DirectoryHandle? directory)
    {
        directory = null;
        int at = layer.Below.Length;
        if (path is not null && !StartsWith(path, layer.Below)) { return Errno.ENOENT; }
        SourceRoot place = layer.Root;
        foreach ((byte[][] mounted, SourceRoot root) in layer.Mounts)
        {
            if (path is null || !StartsWith(path.AsSpan(layer.Below.Length), mounted)) { continue; }
            (place, at) = (root, layer.Below.Length + mounted.Length);
        }

        directory = place.Parent;
        directory.AddRef();
        int errno = path is null ? 0 : Step(ref directory, place.Name);
        for (; path is not null && errno == 0 && at < path.Length; at++) { errno = Step(ref directory, path[at]); }
        return errno;
    }

    private static bool StartsWith(ReadOnlySpan<byte[]> path, byte[][] first)
    {
        if (path.Length < first.Length) { return false; }
        for (int i = 0; i < first.Length; i++)
        {
            if (!path[i].AsSpan().SequenceEqual(first[i])) { return false; }
        }

        return true;
    }

    private static int Step(ref DirectoryHandle? directory, ReadOnlySpan<byte> name)
    {
        DirectoryHandle? below = DirectoryHandle.OpenChild(directory!, name, null, out int errno);
        directory!.Release();
        directory = below;
        return errno;
    }
}
