using Varve.Backup.Run;
using Varve.Freeze;
using Varve.Model.Paths;

namespace Varve.Backup.Sources;

/// <summary>
/// One root of a source: where it is read, where it lies in the canonical tree, and what is mounted in it that its own file system, frozen,
/// does not show. Owns the handles of its places.
/// </summary>
internal sealed class SourceLayer : IDisposable
{
    private readonly List<(byte[][] Path, SourceRoot Root)> _mounts = [];

    private SourceLayer(SourceRoot root, byte[] livePath, byte[][] below)
    {
        Root = root;
        LivePath = livePath;
        Below = below;
    }

    /// <summary>Where it is read.</summary>
    internal SourceRoot Root { get; }

    /// <summary>Its path as the user knows it: that of the live tree, if it is read from a snapshot of ours.</summary>
    internal byte[] LivePath { get; }

    /// <summary>Its place below the canonical root, part by part; empty at the top.</summary>
    internal byte[][] Below { get; }

    /// <summary>The same as one relative path.</summary>
    internal byte[] Prefix =>
        Below.Aggregate(Array.Empty<byte>(), static (path, part) => path.Length == 0 ? part : [.. path, (byte)'/', .. part]);

    /// <summary>What hides parts of it, by path relative to its root, outer ones first.</summary>
    internal IReadOnlyList<(byte[][] Path, SourceRoot Root)> Mounts => _mounts;

    /// <summary>The live root.</summary>
    internal static SourceLayer Live(ReadOnlySpan<byte> path, byte[][] below)
    {
        SourceRoot root = SourceRoot.Open(path);
        return new SourceLayer(root, root.RealPath, below);
    }

    /// <summary>
    /// The same root, read from where <paramref name="places"/> say. A mount that cannot be opened, as other users' may be, is a failure of
    /// its path.
    /// </summary>
    internal SourceLayer ReadFrom(IReadOnlyList<FrozenPlace> places, RunTally tally)
    {
        var layer = new SourceLayer(SourceRoot.Open(places[0].Place), LivePath, Below);
        foreach (FrozenPlace place in places.Skip(1))
        {
            try { layer._mounts.Add((CanonicalPaths.Parts(place.Below), SourceRoot.Open(place.Place, special: true))); }
            catch (VarveException e) { tally.Fail(new Failure(Paths.Join(Prefix, place.Below), FailedOperation.Open, 0, e.Message)); }
        }

        return layer;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Root.Dispose();
        foreach ((_, SourceRoot root) in _mounts) { root.Dispose(); }
    }
}
