using Varve.Model;
using Varve.Model.Bounds;

namespace Varve.Catalog.Rows;

/// <summary>
/// What the catalog knows of a directory besides its entries. The row stays when the directory goes, without digest and tree, so that a
/// directory that comes back at the same path keeps its id.
/// </summary>
/// <param name="Id">Its number, which its revisions are filed under.</param>
/// <param name="Recorded">The snapshot whose run wrote this row last.</param>
/// <param name="Digest">The digest of its entries; zeros if they have to be compared one by one.</param>
/// <param name="Tree">Its tree; none if it has to be made anew, and with it those of the directories above.</param>
/// <param name="NewestCtime">The newest ctime among its entries.</param>
/// <param name="NewestMtime">The newest mtime among its entries.</param>
/// <param name="Counts">Its own entries.</param>
internal readonly record struct DirectoryRow(
    long Id, long Recorded, Bytes32 Digest, ChunkId Tree, FileTime NewestCtime, FileTime NewestMtime, DirectoryCounts Counts)
{
    /// <summary>The row of a complete directory, with what is summed up from its entries.</summary>
    public static DirectoryRow Of(long id, long recorded, Bytes32 digest, ChunkId tree, EntryTable entries)
    {
        FileTime ctime = new(long.MinValue, 0), mtime = ctime;
        long files = 0, directories = 0, symlinks = 0, others = 0, bytes = 0;
        for (int i = 0; i < entries.Count; i++)
        {
            ref EntryStat stat = ref entries.Stat(i);
            if (stat.Ctime > ctime) { ctime = stat.Ctime; }
            if (stat.Mtime > mtime) { mtime = stat.Mtime; }
            switch (stat.Kind)
            {
                case EntryKind.File: files++; bytes = Saturating.Add(bytes, stat.Size); break;
                case EntryKind.Directory: directories++; break;
                case EntryKind.Symlink: symlinks++; break;
                default: others++; break;
            }
        }

        return new DirectoryRow(id, recorded, digest, tree, ctime, mtime, new DirectoryCounts(files, directories, symlinks, others, bytes));
    }
}
