using Varve.Backup.Run;
using Varve.Freeze;
using Varve.Model;
using Varve.Model.Snapshots;
using Varve.Model.Paths;
using Varve.Model.Rules;

namespace Varve.Backup.Sources;

/// <summary>
/// What a run backs up: the roots of a source and the canonical tree they make up together. Most often one root that stands for itself.
/// Owns the roots' handles.
/// </summary>
internal sealed class SourceTree : IDisposable
{
    private readonly IReadOnlyList<RootRequest> _requests;
    private SourceLayer[] _layers;
    private AbsentRoot[] _absent;

    private SourceTree(byte[] canonical, SourceLayer[] layers, AbsentRoot[] absent, IReadOnlyList<RootRequest> requests)
    {
        CanonicalPath = canonical;
        (_layers, _absent, _requests) = (layers, absent, requests);
    }

    /// <summary>The path the tree is recorded under.</summary>
    internal byte[] CanonicalPath { get; }

    /// <summary>The name of the root's entry: the last part of that path; <c>/</c> for the root directory.</summary>
    internal byte[] Name =>
        CanonicalPath.Length == 1 ? CanonicalPath : CanonicalPath[(CanonicalPath.AsSpan().LastIndexOf((byte)'/') + 1)..];

    /// <summary>Roots that are not there. One at least is.</summary>
    internal IReadOnlyList<AbsentRoot> Absent => _absent;

    /// <summary>What a snapshot records of the roots that may not be there.</summary>
    internal IReadOnlyList<RemovableRoot> Removable =>
        [.. _layers.Where(static l => l.FileSystem is not null)
            .Select(static l => new RemovableRoot(l.Prefix, l.FileSystem!, IsThere: true)),
        .. _absent.Where(static a => a.IsRemovable).Select(static a => new RemovableRoot(a.Prefix, a.FileSystem ?? "", IsThere: false))];

    /// <summary>The roots, in the order they were given.</summary>
    internal IReadOnlyList<SourceLayer> Layers => _layers;

    /// <summary>The first root.</summary>
    internal SourceRoot Root => _layers[0].Root;

    /// <summary>Says where entries lie that do not lie where they are read; null: all do.</summary>
    internal PathMapping? Mapping { get; init; }

    /// <summary>Whether the tree must be put together: several roots, one that lies below the top, or mounts in a snapshot.</summary>
    internal bool IsLayered => _layers.Length > 1 || _absent.Length > 0 || _layers[0].Below.Length > 0 || _layers[0].Mounts.Count > 0;

    /// <summary>
    /// Whether it is read from somewhere else than it is recorded as: device numbers are not those of the recorded paths then.
    /// </summary>
    internal bool IsMapped => Mapping is not null || IsLayered || !Root.RealPath.AsSpan().SequenceEqual(CanonicalPath);

    /// <summary>Whether nothing of what is read can change.</summary>
    internal bool IsFrozen => Array.TrueForAll(_layers, static l => l.IsFrozen);

    /// <summary>The paths of all roots but the first, as the user knows them.</summary>
    internal IReadOnlyList<byte[]> FurtherPaths => [.. _layers.Skip(1).Select(static l => l.LivePath)];

    /// <summary>Where it is read, as a snapshot records it: two runs that read the same roots read the same place.</summary>
    internal byte[] Place => SnapshotPrivate.PlaceOf(_layers[0].LivePath, FurtherPaths);

    /// <summary>Opens the live roots. Of several, those that are not there are <see cref="Absent"/>.</summary>
    /// <exception cref="VarveException">NotFound, Storage, Usage: names the path. None of the roots is there.</exception>
    /// <param name="roots">Where each root is read, and the path it stands for; null: the canonical root. One at least.</param>
    /// <param name="canonicalRoot">The path the tree is recorded under; null: the first root's own.</param>
    /// <param name="mapping">See <see cref="Mapping"/>.</param>
    internal static SourceTree Open(IReadOnlyList<RootRequest> roots, byte[]? canonicalRoot, PathMapping? mapping = null)
    {
        var layers = new List<SourceLayer>();
        var absent = new List<AbsentRoot>();
        VarveException? first = null;
        try
        {
            byte[]? canonical = canonicalRoot is null ? null : CanonicalPaths.Normalize(canonicalRoot, "the canonical root");
            for (int i = 0; i < roots.Count; i++)
            {
                (byte[] path, byte[]? stands) = (roots[i].Path, roots[i].As);
                byte[]? place = stands is null ? canonical : CanonicalPaths.Normalize(stands, "the path a root stands for");
                byte[][] below = canonical is null ? [] : BelowRoot(place!, canonical);
                try
                {
                    layers.Add(SourceLayer.Live(path, below, i));
                    canonical ??= layers[0].Root.RealPath;
                }
                catch (VarveException e)
                    when (canonical is not null && roots.Count > 1 && e.Kind is ErrorKind.NotFound or ErrorKind.Storage)
                {
                    first ??= e;
                    absent.Add(new AbsentRoot(path, below, roots[i].IsRemovable, roots[i].FileSystem, e.Reason(Subject.Source(path)), 0));
                }
            }

            if (layers.Count == 0) { throw first!; }
            RequireDirectories(layers, roots.Count);
            return new SourceTree(canonical!, [.. layers], [.. absent], roots) { Mapping = mapping };
        }
        catch
        {
            foreach (SourceLayer layer in layers) { layer.Dispose(); }
            throw;
        }
    }

    /// <summary>A source that is one file, which is nowhere: a program's output.</summary>
    /// <exception cref="VarveException">Usage: the path is none that something can be recorded under.</exception>
    internal static SourceTree OpenStandIn(byte[] canonicalRoot)
    {
        byte[] canonical = CanonicalPaths.Normalize(canonicalRoot, "the canonical root");
        return canonical.Length > 1 ? new SourceTree(canonical, [SourceLayer.StandIn(canonical)], [], [new RootRequest(canonical, null)])
            : throw new VarveException(ErrorKind.Usage, Subject.Request("the canonical root"), "is no name of a file");
    }

    /// <summary>
    /// Tells which of the roots that may not be there are: those on the file system that was asked for, or that a snapshot saw them on.
    /// </summary>
    /// <param name="known">What the snapshot before says.</param>
    /// <exception cref="VarveException">NotFound: none of the roots is there.</exception>
    internal void Recognise(IReadOnlyList<RemovableRoot> known)
    {
        var there = new List<SourceLayer>();
        var absent = new List<AbsentRoot>();
        foreach (SourceLayer layer in _layers)
        {
            RootRequest request = _requests[layer.Index];
            if (!request.IsRemovable || _requests.Count == 1)
            {
                there.Add(layer);
                continue;
            }

            string? expected = request.FileSystem ?? Known(layer.Prefix);
            layer.FileSystem = layer.Root.FileSystem(out bool isEmpty) ?? "";
            string? reason = expected is null ? isEmpty ? "it is empty, and was not seen otherwise yet" : null
                : expected == layer.FileSystem ? null : $"it lies on file system {layer.FileSystem}, and should on {expected}";
            if (reason is null) { there.Add(layer); }
            else
            {
                absent.Add(new AbsentRoot(layer.LivePath, layer.Below, IsRemovable: true, expected, reason, 0));
                layer.Dispose();
            }
        }

        _layers = [.. there];
        _absent = [.. _absent.Select(a => a.IsRemovable ? a with { FileSystem = a.FileSystem ?? Known(a.Prefix) } : a), .. absent];
        if (_layers.Length == 0)
        {
            throw new VarveException(ErrorKind.NotFound, Subject.Source(CanonicalPath), $"none of its roots is there: {_absent[0].Reason}",
                Advice.CheckMount);
        }

        string? Known(byte[] below) =>
            known.FirstOrDefault(k => k.Below.AsSpan().SequenceEqual(below)) is { FileSystem.Length: > 0 } root ? root.FileSystem : null;
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
            return new SourceTree(CanonicalPath, [.. frozen], _absent, _requests) { Mapping = Mapping };
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

    /// <summary>The absolute path by which a root was asked for, perhaps through links.</summary>
    internal byte[] AskedPath(SourceLayer layer) => _requests[layer.Index].Path is [(byte)'/', ..] path ? path : layer.LivePath;

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

    private static void RequireDirectories(List<SourceLayer> layers, int asked)
    {
        if (asked == 1 && layers[0].Below.Length == 0) { return; }
        foreach (SourceLayer layer in layers)
        {
            if (layer.Root.Stat.Kind == EntryKind.Directory) { continue; }
            throw new VarveException(ErrorKind.Usage, Subject.Source(layer.LivePath),
                "it is not a directory, so it cannot be merged with other roots", Advice.BackUpAlone);
        }
    }
}
