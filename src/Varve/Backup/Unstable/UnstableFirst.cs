using Varve.Backup.Content;
using Varve.Backup.Run;
using Varve.Backup.Sources;
using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Model;
using Varve.Model.Paths;
using Varve.Platform;
using Varve.Platform.Files;
using Varve.Walk;

namespace Varve.Backup.Unstable;

/// <summary>
/// Copies the unstable files before anything else is done: clones where that can be, else plain copies, which are kept until the walk comes
/// to the files. Returns those that are no more, at their place or at all, and those that are not wanted any more: by a rule, or because
/// they lie on another file system now.
/// </summary>
internal sealed class UnstableFirst(
    RunIdentity run, RunRules rules, Spool spool, TimeProvider time, CancellationToken cancelled)
{
    private readonly MomentCopier _copier = new(cancelled.ThrowIfCancellationRequested);
    private readonly LoneCloner _cloner = new(rules, spool, time);
    private readonly Companions _companions = new(rules);

    internal List<UnstableRow> Copy(SourceTree source, CatalogReader catalog, IReadOnlyList<UnstableRow> rows)
    {
        var gone = new List<UnstableRow>();
        foreach (UnstableRow row in rows)
        {
            cancelled.ThrowIfCancellationRequested();
            // Where no stat tells a length a copy proves nothing that the walk's own read does not; it forgets the file if it is gone.
            if (row.Reason == UnstableReason.LengthUnknown)
            {
                gone.Add(row);
                continue;
            }

            // Of a source that is one file the row lies above the root.
            byte[]? prefix = row.Directory == run.Source.RootDirectory ? null : catalog.PathOf(row.Directory);
            byte[][]? path = prefix is null ? null : CanonicalPaths.Parts(prefix);
            if (path is not null && !IsWanted(path, row.Name))
            {
                gone.Add(row);
                continue;
            }

            bool isGone = true;
            // Which of several roots the walk takes a file from does not matter here: a copy that nobody asks for is thrown away.
            foreach (SourceLayer layer in source.Layers)
            {
                isGone &= Copy(layer, path, prefix, row.Name) is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP;
            }

            if (isGone) { gone.Add(row); }
        }

        return gone;
    }

    /// <summary>Whether no rule leaves out the file, or a directory above it.</summary>
    private bool IsWanted(byte[][] directory, byte[] name)
    {
        byte[] path = [];
        foreach (byte[] part in directory)
        {
            path = Freeze.Paths.Join(path, part);
            if (!rules.Includes(path, EntryKind.Directory)) { return false; }
        }

        return rules.Includes(Freeze.Paths.Join(path, name), EntryKind.File);
    }

    private int Copy(SourceLayer layer, byte[][]? path, byte[]? prefix, byte[] name)
    {
        int errno = OpenParent(layer, path, out DirectoryHandle? directory);
        if (directory is null) { return errno; }
        errno = EntryReader.OpenFile(directory.Fd, path is null ? layer.Root.Name : name, out SafeFd file);
        if (errno == 0)
        {
            // Beside a source that is one file nothing is backed up that could belong to it.
            _companions.Of(directory.Fd, prefix is null ? default : name, prefix ?? []);
            errno = Copy(file.Value, directory.Fd);
        }
        file.Close();
        directory.Release();
        return errno;
    }

    /// <summary>Every failure but one that says that the file is gone is left for the walk to find again.</summary>
    private int Copy(int file, int directory)
    {
        if (Posix.Stat(file, out EntryStat stat) is not 0 and var errno) { return errno; }
        if (stat.Kind != EntryKind.File) { return Errno.ENOENT; }
        if (_companions.Exist()) { return 0; } // copied with these, when the walk comes to them
        SpoolFile? copy = null;
        try
        {
            copy = _cloner.TryClone(file, directory, _companions);
            if (copy is null && (copy = spool.TryCreate(stat.AllocatedBytes)) is not null)
            {
                _copier.Copy(file, StabilityProof.StatTells(file, in stat, rules.RecentAfter), copy, _companions, out bool hasRoom);
                if (!hasRoom) { copy.Stability = Stability.Torn; }
            }
        }
        catch (ReadFailedException e)
        {
            copy?.Dispose();
            return e.Errno;
        }
        catch (OperationCanceledException)
        {
            copy?.Dispose();
            throw;
        }

        if (copy?.Stability is Stability.Torn) { copy.Dispose(); }
        else if (copy is not null) { spool.Keep(copy); }
        return 0;
    }

    /// <summary>The directory that a layer has at a path of the source, be it in what is mounted in the layer.</summary>
    private int OpenParent(SourceLayer layer, byte[][]? path, out DirectoryHandle? directory)
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
        for (; path is not null && errno == 0 && at < path.Length; at++)
        {
            errno = Step(ref directory, path[at]);
            if (errno == 0 && rules.OneFileSystem && IsElsewhere(layer, directory!))
            {
                directory!.Release();
                directory = null;
                return Errno.ENOENT; // of a directory on another file system nothing is wanted
            }
        }

        return errno;
    }

    private static bool IsElsewhere(SourceLayer layer, DirectoryHandle directory) =>
        Posix.Stat(directory.Fd, out EntryStat stat) == 0 && stat.Device != layer.Root.Stat.Device;

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
