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

    private SourceLayer(SourceRoot root, byte[] livePath, byte[][] below, int index)
    {
        Index = index;
        Root = root;
        LivePath = livePath;
        Below = below;
    }

    /// <summary>Its number among the roots that were asked for, whether they are there or not.</summary>
    internal int Index { get; }

    /// <summary>What its file system is recognised by, if it may not be there; else null.</summary>
    internal string? FileSystem { get; set; }

    /// <summary>Where it is read.</summary>
    internal SourceRoot Root { get; }

    /// <summary>Whether all of it is read from a snapshot of ours, in which nothing changes.</summary>
    internal bool IsFrozen { get; private init; }

    /// <summary>Its path as the user knows it: that of the live tree, if it is read from a snapshot of ours.</summary>
    internal byte[] LivePath { get; }

    /// <summary>Its place below the canonical root, part by part; empty at the top.</summary>
    internal byte[][] Below { get; }

    /// <summary>The same as one relative path.</summary>
    internal byte[] Prefix => Join(Below);

    internal static byte[] Join(byte[][] parts) =>
        parts.Aggregate(Array.Empty<byte>(), static (path, part) => path.Length == 0 ? part : [.. path, (byte)'/', .. part]);

    /// <summary>What hides parts of it, by path relative to its root, outer ones first.</summary>
    internal IReadOnlyList<(byte[][] Path, SourceRoot Root)> Mounts => _mounts;

    /// <summary>The live root.</summary>
    internal static SourceLayer Live(ReadOnlySpan<byte> path, byte[][] below, int index)
    {
        SourceRoot root = SourceRoot.Open(path);
        return new SourceLayer(root, root.RealPath, below, index);
    }

    /// <summary>A file that stands for a program's output.</summary>
    internal static SourceLayer StandIn(byte[] path) => new(SourceRoot.StandIn(path), path, [], 0);

    /// <summary>
    /// The same root, read from where <paramref name="places"/> say. A mount that cannot be opened, as other users' may be, is a failure of
    /// its path.
    /// </summary>
    internal SourceLayer ReadFrom(IReadOnlyList<FrozenPlace> places, RunTally tally)
    {
        var layer = new SourceLayer(SourceRoot.Open(places[0].Place), LivePath, Below, Index)
        {
            FileSystem = FileSystem, IsFrozen = places.All(static p => p.IsFrozen),
        };
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
