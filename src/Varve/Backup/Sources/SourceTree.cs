using Varve.Backup.Run;
using Varve.Freeze;
using Varve.Model;
using Varve.Model.Paths;

namespace Varve.Backup.Sources;

/// <summary>
/// What a run backs up: the roots of a source and the canonical tree they make up together. Most often one root that stands for itself.
/// Owns the roots' handles.
/// </summary>
internal sealed class SourceTree : IDisposable
{
    private readonly SourceLayer[] _layers;

    private SourceTree(byte[] canonical, SourceLayer[] layers)
    {
        CanonicalPath = canonical;
        _layers = layers;
    }

    /// <summary>The path the tree is recorded under.</summary>
    internal byte[] CanonicalPath { get; }

    /// <summary>The name of the root's entry: the last part of that path; <c>/</c> for the root directory.</summary>
    internal byte[] Name =>
        CanonicalPath.Length == 1 ? CanonicalPath : CanonicalPath[(CanonicalPath.AsSpan().LastIndexOf((byte)'/') + 1)..];

    /// <summary>The roots, in the order they were given.</summary>
    internal IReadOnlyList<SourceLayer> Layers => _layers;

    /// <summary>The first root.</summary>
    internal SourceRoot Root => _layers[0].Root;

    /// <summary>Whether the tree must be put together: several roots, one that lies below the top, or mounts in a snapshot.</summary>
    internal bool IsLayered => _layers.Length > 1 || _layers[0].Below.Length > 0 || _layers[0].Mounts.Count > 0;

    /// <summary>
    /// Whether it is read from somewhere else than it is recorded as: device numbers are not those of the recorded paths then.
    /// </summary>
    internal bool IsMapped => IsLayered || !Root.RealPath.AsSpan().SequenceEqual(CanonicalPath);

    /// <summary>Opens the live roots.</summary>
    /// <exception cref="VarveException">NotFound, Storage, Usage: names the path.</exception>
    /// <param name="roots">Where each root is read, and the path it stands for; null: the canonical root. One at least.</param>
    /// <param name="canonicalRoot">The path the tree is recorded under; null: the first root's own.</param>
    internal static SourceTree Open(IReadOnlyList<(byte[] Path, byte[]? As)> roots, byte[]? canonicalRoot)
    {
        var layers = new List<SourceLayer>();
        try
        {
            byte[]? canonical = canonicalRoot is null ? null : CanonicalPaths.Normalize(canonicalRoot, "the canonical root");
            foreach ((byte[] path, byte[]? stands) in roots)
            {
                byte[]? place = stands is null ? canonical : CanonicalPaths.Normalize(stands, "the path a root stands for");
                layers.Add(SourceLayer.Live(path, canonical is null ? [] : BelowRoot(place!, canonical)));
                canonical ??= layers[0].Root.RealPath;
            }

            RequireDirectories(layers);
            return new SourceTree(canonical!, [.. layers]);
        }
        catch
        {
            foreach (SourceLayer layer in layers) { layer.Dispose(); }
            throw;
        }
    }

    /// <summary>The same tree, read from snapshots as far as <paramref name="snapshots"/> can take them.</summary>
    internal SourceTree Freeze(FrozenVolumes snapshots, bool nested, RunTally tally)
    {
        // All are taken before the first is read.
        IReadOnlyList<FrozenPlace>[] places = [
            .. _layers.Select(l => snapshots.Freeze(l.LivePath, nested && l.Root.Stat.Kind == EntryKind.Directory))];
        var frozen = new List<SourceLayer>();
        try
        {
            for (int i = 0; i < _layers.Length; i++) { frozen.Add(_layers[i].ReadFrom(places[i], tally)); }
            return new SourceTree(CanonicalPath, [.. frozen]);
        }
        catch
        {
            foreach (SourceLayer layer in frozen) { layer.Dispose(); }
            throw;
        }
    }

    /// <summary>
    /// Where in the tree a live directory may be seen, relative to the root: by the canonical path, and by way of each root.
    /// </summary>
    internal IReadOnlyList<byte[]> PathsOf(byte[] real)
    {
        var paths = new List<byte[]>();
        if (Paths.IsAtOrBelow(real, CanonicalPath)) { paths.Add(Paths.Below(real, CanonicalPath).ToArray()); }
        foreach (SourceLayer layer in _layers)
        {
            if (Paths.IsAtOrBelow(real, layer.LivePath)) { paths.Add(Paths.Join(layer.Prefix, Paths.Below(real, layer.LivePath))); }
        }

        return paths;
    }

    /// <summary>The coarsest of its roots' own file systems.</summary>
    internal long TimestampGranularityNanoseconds() => _layers.Max(static l => l.Root.TimestampGranularityNanoseconds());

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SourceLayer layer in _layers) { layer.Dispose(); }
    }

    private static byte[][] BelowRoot(byte[] path, byte[] canonical) =>
        Paths.IsAtOrBelow(path, canonical) ? CanonicalPaths.Parts(Paths.Below(path, canonical))
        : throw new VarveException(ErrorKind.Usage, Subject.Request(PathText.Of(path)),
        $"does not lie in the source, which is of {PathText.Of(canonical)}", Advice.RootBelowCanonical);

    private static void RequireDirectories(List<SourceLayer> layers)
    {
        if (layers.Count == 1 && layers[0].Below.Length == 0) { return; }
        foreach (SourceLayer layer in layers)
        {
            if (layer.Root.Stat.Kind == EntryKind.Directory) { continue; }
            throw new VarveException(ErrorKind.Usage, Subject.Source(layer.LivePath),
                "it is not a directory, so it cannot be merged with other roots", Advice.BackUpAlone);
        }
    }
}
