using System.Text;
using Varve.Model;
using Varve.Platform;
using Varve.Repositories;

namespace Varve.Backup;

/// <summary>
/// What a run itself writes to, and so must leave out. Where the tree is read from somewhere else than it is recorded as, above all from a snapshot, a directory of ours has
/// another device number there: it is known by its inode number and its path.
/// </summary>
internal static class OwnDirectories
{
    /// <summary>The repository, the cache and what holds snapshots of file systems, as far as they exist.</summary>
    internal static IEnumerable<OwnDirectory> Of(Repository repository, SourceTree? tree = null) =>
    [
        .. At(repository.Description, "it is the repository itself", tree),
        .. At(repository.CacheDirectory, "it is this repository's cache", tree),
        .. At(FrozenSource.Folder(repository), "it holds snapshots of file systems", tree),
    ];

    /// <summary>The directory at a path; none if it does not exist.</summary>
    internal static OwnDirectory[] At(string path, string what, SourceTree? tree)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(path);
        if (Posix.StatAt(Posix.AT_FDCWD, bytes, out EntryStat stat, 0) != 0) { return []; }
        return [new OwnDirectory(stat.Device, stat.Inode, tree?.IsMapped == true && SourceRoot.TryResolve(bytes) is { } real ? tree.PathsOf(real) : [], what)];
    }

    /// <summary>A source that is, or lies in, what a run itself writes to never comes to an end.</summary>
    /// <exception cref="VarveException">Usage.</exception>
    internal static void Refuse(Repository repository, ReadOnlySpan<byte> path)
    {
        OwnDirectory[] own = [.. Of(repository)];
        for (int end = path.Length; end > 0; end = path[..end].LastIndexOf((byte)'/'))
        {
            if (Posix.StatAt(Posix.AT_FDCWD, path[..end], out EntryStat stat) != 0) { continue; }
            foreach (OwnDirectory directory in own)
            {
                if (stat.Inode != directory.Inode || stat.Device != directory.Device) { continue; }
                string where = end == path.Length ? directory.What : directory.What.Replace("it is", "it lies in", StringComparison.Ordinal);
                throw new VarveException(ErrorKind.Usage, Subject.Source(path), where, Advice.OtherDirectory);
            }
        }
    }
}
