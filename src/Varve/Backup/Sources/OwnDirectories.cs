using System.Text;
using Varve.Backup.Run;
using Varve.Model;
using Varve.Platform;

namespace Varve.Backup.Sources;

/// <summary>
/// What a run itself writes to, and so must leave out. Where the tree is read from somewhere else than it is recorded as, above all from a
/// snapshot, a directory of ours has another device number there: it is known by its inode number and its path.
/// </summary>
internal static class OwnDirectories
{
    /// <summary>The directories at such places, as far as they exist.</summary>
    internal static OwnDirectory[] Of(IEnumerable<(string Path, string What)> places, SourceTree? tree = null) =>
        [.. places.SelectMany(place => At(place.Path, place.What, tree))];

    private static OwnDirectory[] At(string path, string what, SourceTree? tree)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(path);
        if (Posix.StatAt(Posix.AT_FDCWD, bytes, out EntryStat stat, 0) != 0) { return []; }
        return [new OwnDirectory(stat.Device, stat.Inode, tree?.IsMapped == true && SourceRoot.TryResolve(bytes) is { } real
            ? tree.PathsOf(real) : [], what)];
    }

    /// <summary>A source that is, or lies in, what a run itself writes to never comes to an end.</summary>
    /// <exception cref="VarveException">Usage.</exception>
    internal static void Refuse(IEnumerable<(string Path, string What)> places, ReadOnlySpan<byte> path)
    {
        OwnDirectory[] own = Of(places);
        for (int end = path.Length; end > 0; end = path[..end].LastIndexOf((byte)'/'))
        {
            if (Posix.StatAt(Posix.AT_FDCWD, path[..end], out EntryStat stat) != 0) { continue; }
            foreach (OwnDirectory directory in own)
            {
                if (stat.Inode != directory.Inode || stat.Device != directory.Device) { continue; }
                string where = end == path.Length ? directory.What
                    : directory.What.Replace("it is", "it lies in", StringComparison.Ordinal);
                throw new VarveException(ErrorKind.Usage, Subject.Source(path), where, Advice.OtherDirectory);
            }
        }
    }
}
