using Varve.Freeze;
using Varve.Model;

namespace Varve.History.Differences;

/// <summary>
/// Where the tree that a snapshot was made of is now: a directory or file that stands for the snapshot's root, and, of a source of several
/// roots, which paths below it are of the source. Immutable.
/// </summary>
internal sealed class LivePlace
{
    private readonly byte[] _for;
    private readonly byte[][] _roots;

    private LivePlace(byte[] root, byte[] standsFor, byte[][] roots)
    {
        Root = root;
        _for = standsFor;
        _roots = roots;
    }

    /// <summary>The tree, an absolute path.</summary>
    internal byte[] Root { get; }

    /// <summary>Anywhere: a tree that is meant to be as what the snapshot has at a path below its root.</summary>
    internal static LivePlace At(byte[] directory, byte[] standsFor) => new(directory, standsFor, []);

    /// <summary>Where the snapshot was made.</summary>
    /// <exception cref="VarveException">Usage: the source has several roots that were put together, and no one place.</exception>
    internal static LivePlace Of(SnapshotPrivate names)
    {
        byte[][] roots = [names.RootPath, .. names.FurtherRoots];
        if (Array.TrueForAll(roots, r => Paths.IsAtOrBelow(r, names.CanonicalRoot)))
        {
            byte[][] below = [.. roots.Select(r => Below(r, names.CanonicalRoot))];
            return new LivePlace(names.CanonicalRoot, [], Array.Exists(below, static b => b.Length == 0) ? [] : below);
        }

        return roots.Length == 1 ? At(names.RootPath, [])
            : throw new VarveException(ErrorKind.Usage, Subject.Source(names.CanonicalRoot),
                "was put together of several roots, so no one directory is what the snapshot has");
    }

    /// <summary>Where an entry of the snapshot is now, by its path below the snapshot's root.</summary>
    internal byte[] PathOf(byte[] path) => path.Length <= _for.Length ? Root
        : Paths.Join(Root, path.AsSpan(_for.Length == 0 ? 0 : _for.Length + 1));

    /// <summary>Whether a path below the root is of the source, or leads to what is.</summary>
    internal bool Has(ReadOnlySpan<byte> path)
    {
        if (_roots.Length == 0 || path.IsEmpty) { return true; }
        foreach (byte[] root in _roots)
        {
            if (Paths.IsAtOrBelow(path, root) || Paths.IsAtOrBelow(root, path)) { return true; }
        }

        return false;
    }

    private static byte[] Below(byte[] path, byte[] root) =>
        path.Length <= root.Length ? [] : path[(root is [(byte)'/'] ? 1 : root.Length + 1)..];
}
