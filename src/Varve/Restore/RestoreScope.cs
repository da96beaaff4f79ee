using Varve.History;
using Varve.History.Entries;
using Varve.Model;
using Varve.Restore.Plan;
using Varve.Restore.Target;
using Varve.Tree.Lists;

namespace Varve.Restore;

/// <summary>
/// Which entry of a snapshot a restore begins at, and which directory of the target stands for it. Where each path is to come to its own
/// place, that is the deepest directory that all have in common and that the target has: what lies above is not opened for writing.
/// Immutable.
/// </summary>
internal sealed class RestoreScope
{
    /// <summary>The entry, with its owners as they were stored.</summary>
    internal required FoundEntry Found { get; init; }

    /// <summary>Its path, relative to the source's root; empty for that.</summary>
    internal required byte[] Path { get; init; }

    /// <summary>The directory that its content comes to, or which it is put into if it is no directory.</summary>
    internal required byte[] Target { get; init; }

    /// <summary>The last names of that, which must be real directories; the rest is the user's.</summary>
    internal IReadOnlyList<byte[]> Steps { get; init; } = [];

    /// <summary>What below it is restored; null for all.</summary>
    internal PathSelection? Selection { get; init; }

    /// <summary>Finds it.</summary>
    /// <exception cref="VarveException">NotFound: one of the paths. Damaged. Usage: the name that is asked for is none.</exception>
    internal static RestoreScope Of(FetchMeta meta, RestoreOptions options)
    {
        IReadOnlyList<byte[]> asked = options.Paths.Count > 0 ? options.Paths : options.Path is { } one ? [one] : [];
        byte[][] paths = [.. asked.Select(static p => p.AsSpan().Trim((byte)'/').ToArray())];
        if (!options.InPlace && options.Paths.Count == 0)
        {
            FoundEntry found = SnapshotPaths.Find(meta, options.Snapshot, paths.Length == 0 ? [] : paths[0]);
            return new RestoreScope { Found = Named(found, options), Path = paths.Length == 0 ? [] : paths[0], Target = options.Target };
        }

        if (options.As is not null && paths.Length == 1) { return InItsPlaceUnderAnotherName(meta, options, paths[0]); }
        return options.As is not null ? throw new VarveException(ErrorKind.Usage, Subject.None, "another name is for one file, not for several")
            : InItsPlace(meta, options, paths.Length == 0 ? [[]] : paths);
    }

    private static RestoreScope InItsPlaceUnderAnotherName(FetchMeta meta, RestoreOptions options, byte[] path)
    {
        FoundEntry found = Named(SnapshotPaths.Find(meta, options.Snapshot, path), options);
        List<byte[]> names = Names(path);
        if (names.Count > 0) { names.RemoveAt(names.Count - 1); }
        byte[] below = Join(names);
        if (TargetRoot.RealSteps(options.Target, names) < names.Count)
        {
            throw new VarveException(ErrorKind.NotFound, Subject.Target(Below(options.Target, below)), "is no directory",
                Advice.ChooseTarget);
        }

        return new RestoreScope { Found = found, Path = path, Steps = names, Target = Below(options.Target, below) };
    }

    private static RestoreScope InItsPlace(FetchMeta meta, RestoreOptions options, byte[][] paths)
    {
        FoundEntry root = SnapshotPaths.Root(meta, options.Snapshot.Snapshot);
        if (root.Stat.Kind != EntryKind.Directory)
        {
            int slash = options.Target.AsSpan().TrimEnd((byte)'/').LastIndexOf((byte)'/');
            byte[] directory = options.InPlace ? options.Target[..Math.Max(slash, 1)] : options.Target;
            return new RestoreScope { Found = root, Path = [], Target = directory };
        }

        List<byte[]>? common = null;
        foreach (byte[] path in paths)
        {
            FoundEntry found = SnapshotPaths.Find(meta, options.Snapshot, path);
            List<byte[]> names = Names(path);
            if (found.Stat.Kind != EntryKind.Directory) { names.RemoveAt(names.Count - 1); }
            common = common is null ? names : Common(common, names);
        }

        int real = options.InPlace ? TargetRoot.RealSteps(options.Target, common!) : 0;
        List<byte[]> steps = common![..real];
        byte[] below = Join(steps);
        return new RestoreScope
        {
            Found = SnapshotPaths.Find(meta, options.Snapshot, below), Path = below, Steps = steps,
            Target = Below(options.Target, below),
            Selection = Selected(paths, below),
        };
    }

    /// <summary>Null if all below it is meant.</summary>
    private static PathSelection? Selected(byte[][] paths, byte[] below)
    {
        // Each of them lies at or below it, or above where the target has not all of the way.
        var selection = PathSelection.Of(paths.Select(p => below.Length == 0 ? p : p.Length <= below.Length ? [] : p[(below.Length + 1)..]));
        return selection.IsNamed ? null : selection;
    }

    /// <summary>A single file, by the name that it is to have.</summary>
    private static FoundEntry Named(FoundEntry found, RestoreOptions options)
    {
        if (options.As is not { } name) { return found; }
        if (found.Stat.Kind == EntryKind.Directory || name.Length == 0 || name.AsSpan().IndexOfAny((byte)'/', (byte)0) >= 0
            || name is [(byte)'.'] or [(byte)'.', (byte)'.'])
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request(PathText.Of(name)), found.Stat.Kind == EntryKind.Directory
                ? "is no name for a directory: its content comes into the target" : "is not a name");
        }

        return found.Called(name);
    }

    private static byte[] Below(byte[] target, byte[] path) =>
        path.Length == 0 ? target : [.. target.AsSpan().TrimEnd((byte)'/'), (byte)'/', .. path];

    private static List<byte[]> Names(byte[] path)
    {
        var names = new List<byte[]>();
        foreach (Range part in path.AsSpan().Split((byte)'/'))
        {
            if (path.AsSpan()[part] is { IsEmpty: false } name) { names.Add(name.ToArray()); }
        }

        return names;
    }

    private static List<byte[]> Common(List<byte[]> a, List<byte[]> b)
    {
        int n = 0;
        while (n < a.Count && n < b.Count && a[n].AsSpan().SequenceEqual(b[n])) { n++; }
        return a[..n];
    }

    private static byte[] Join(List<byte[]> names)
    {
        byte[] path = [];
        foreach (byte[] name in names) { path = path.Length == 0 ? name : [.. path, (byte)'/', .. name]; }
        return path;
    }
}
