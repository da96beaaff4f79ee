using Varve.Catalog;
using Varve.Model;
using Varve.Platform;
using Varve.Walk;

namespace Varve.Backup;

/// <summary>
/// Copies the unstable files before anything else is done: clones where that can be, else plain copies, which are kept until the walk comes to the files. Returns those that are
/// no more, at their place or at all.
/// </summary>
internal static class UnstableFirst
{
    internal static List<UnstableRow> Copy(RunContext run, SourceRoot root, CatalogReader catalog, IReadOnlyList<UnstableRow> rows, CancellationToken cancelled)
    {
        var gone = new List<UnstableRow>();
        if (rows.Count == 0) { return gone; }
        var copier = new MomentCopier();
        foreach (UnstableRow row in rows)
        {
            cancelled.ThrowIfCancellationRequested();
            int errno = OpenParent(run, root, catalog, row, out DirectoryHandle? directory);
            SafeFd file = default;
            if (directory is not null)
            {
                errno = EntryReader.OpenFile(directory.Fd, row.Name, out file);
                if (errno == 0) { errno = Copy(run, copier, file.Value, directory.Fd); }
            }

            file.Close();
            directory?.Release();
            if (errno is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP) { gone.Add(row); }
        }

        return gone;
    }

    /// <summary>Every failure but one that says that the file is gone is left for the walk to find again.</summary>
    private static int Copy(RunContext run, MomentCopier copier, int file, int directory)
    {
        if (Posix.Stat(file, out EntryStat stat) != 0) { return Posix.LastError; }
        if (stat.Kind != EntryKind.File) { return Errno.ENOENT; }
        SpoolFile? copy = null;
        try
        {
            copy = run.Spool.TryClone(file, directory);
            if (copy is null && (copy = run.Spool.TryCreate(stat.AllocatedBytes)) is not null)
            {
                UnstableFileReader.CopyToSpool(copier, file, UnstableFileReader.StatTells(run, file, in stat), copy, out bool hasRoom);
                if (!hasRoom) { copy.Stillness = Stillness.Torn; }
            }
        }
        catch (ReadFailedException e)
        {
            copy?.Dispose();
            return e.Errno;
        }

        if (copy?.Stillness is Stillness.Torn) { copy.Dispose(); }
        else if (copy is not null) { run.Spool.Keep(copy); }
        return 0;
    }

    private static int OpenParent(RunContext run, SourceRoot root, CatalogReader catalog, UnstableRow row, out DirectoryHandle? directory)
    {
        directory = root.Parent;
        directory.AddRef();
        if (row.Directory == run.Source.RootDirectory) { return 0; } // the source is a single file
        byte[] path = catalog.PathOf(row.Directory);
        ReadOnlySpan<byte> rest = path;
        int errno = Step(ref directory, root.Name is [(byte)'/'] ? "."u8 : root.Name);
        while (errno == 0 && !rest.IsEmpty)
        {
            int slash = rest.IndexOf((byte)'/');
            errno = Step(ref directory, slash < 0 ? rest : rest[..slash]);
            rest = slash < 0 ? default : rest[(slash + 1)..];
        }

        return errno;
    }

    private static int Step(ref DirectoryHandle? directory, ReadOnlySpan<byte> name)
    {
        DirectoryHandle? below = DirectoryHandle.OpenChild(directory!, name, null, out int errno);
        directory!.Release();
        directory = below;
        return errno;
    }
}
