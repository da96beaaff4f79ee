using Varve.App.Settings.Line;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.Vault.Snapshots;

namespace Varve.App.Settings.Resolved;

/// <summary>What a command line of <c>restore</c> asks for.</summary>
internal static class RestoreRequest
{
    /// <summary>
    /// Resolves with the snapshot that <paramref name="find"/> finds. Everything else is checked before. <paramref name="host"/> tells what
    /// this machine is called, once a snapshot was found.
    /// </summary>
    internal static RestoreOptions Resolve(SettingValues values, Moments moments, Func<SnapshotQuery, ChosenSnapshot> find,
        Func<string> host)
    {
        byte[]? target = values.Find(RestoreSettings.Target);
        bool inPlace = values.Has(RestoreSettings.InPlace);
        if (target is null && !inPlace) { throw Usage("--target is missing, or --in-place"); }
        string first = values.Argument(HistorySettings.Snapshot) ?? "";
        SnapshotSpec spec = values.Spec(first, moments);
        string[] includes = Array.ConvertAll(values.All(RestoreSettings.Includes), Texts.FromHere),
            excludes = Array.ConvertAll(values.All(RestoreSettings.Excludes), Texts.FromHere);
        int workers = values.Get(RestoreSettings.Workers, 0);
        string? overwrite = values.Find(RestoreSettings.Overwrite);
        bool isStated = values.IsGiven(RestoreSettings.Overwrite);
        string mode = overwrite ?? (inPlace && !isStated ? OverwriteModes.IfChanged : OverwriteModes.Never);
        string? suffix = values.Find(RestoreSettings.KeepOld);
        if (suffix is not null && suffix.Contains('/', StringComparison.Ordinal)) { throw Usage("--keep-old: a suffix has no slash"); }
        if (values.Has(RestoreSettings.DeleteExcluded) && !values.Has(RestoreSettings.Delete)) { throw Usage("--delete-excluded needs --delete"); }
        Setting? useless = mode != OverwriteModes.Never ? null
            : suffix is not null ? RestoreSettings.KeepOld : values.Has(RestoreSettings.InPlaceWrite) ? RestoreSettings.InPlaceWrite : null;
        if (useless is not null) { throw Usage($"{useless.Name} needs --in-place, or --overwrite if-changed, if-newer or always"); }
        byte[]? name = values.Find(RestoreSettings.As);
        ChosenSnapshot chosen = find(values.Query(spec));
        List<byte[]> further = Further(values, moments, first, chosen, find);
        List<byte[]> paths = further.Count == 0 ? [] : [.. chosen.Path is { } path ? (byte[][])[path] : [], .. further];
        return new RestoreOptions
        {
            Snapshot = chosen.Snapshot,
            Path = paths.Count == 1 ? paths[0] : chosen.Path,
            Paths = paths.Count > 1 ? paths : [],
            Target = target ?? OriginOf(chosen.Snapshot, host()),
            Includes = includes,
            Excludes = excludes,
            InPlace = inPlace,
            Overwrite = mode == OverwriteModes.Never && (isStated || inPlace),
            Replace = mode != OverwriteModes.Never,
            OnlyNewer = mode == OverwriteModes.IfNewer,
            ByContent = mode == OverwriteModes.Always,
            Delete = values.Has(RestoreSettings.Delete),
            DeleteExcluded = values.Has(RestoreSettings.DeleteExcluded),
            DryRun = values.Has(RestoreSettings.DryRun),
            Verify = values.Has(RestoreSettings.Verify),
            KeepOld = suffix is null ? null : RawArguments.ToBytes(suffix),
            As = name,
            NoOwner = values.Has(RestoreSettings.NoOwner),
            NoXattrs = values.Has(RestoreSettings.NoXattrs),
            WriteInPlace = values.Has(RestoreSettings.InPlaceWrite),
            NumericOwner = values.Has(RestoreSettings.NumericOwner),
            NoLimits = values.Has(RestoreSettings.NoLimits),
            Workers = workers,
        };
    }

    /// <summary>Further paths: of the snapshot that the first argument names, which may stand before each.</summary>
    private static List<byte[]> Further(SettingValues values, Moments moments, string first, ChosenSnapshot chosen,
        Func<SnapshotQuery, ChosenSnapshot> find)
    {
        var paths = new List<byte[]>();
        int colon = first.StartsWith('/') ? -1 : first.IndexOf(':', StringComparison.Ordinal);
        string prefix = colon < 0 ? first + ":" : first[..(colon + 1)];
        foreach (string typed in values.Arguments(RestoreSettings.FurtherPaths))
        {
            bool isNamed = prefix.Length > 1 && typed.StartsWith(prefix, StringComparison.Ordinal);
            byte[] path = isNamed ? RawArguments.ToBytes(typed[prefix.Length..])
                : values.Text(HistorySettings.At) is null ? RawArguments.ToBytes(typed)
                : values.Spec(typed, moments).Path ?? [];
            // An absolute path is one below the root of the source.
            paths.Add(path is [(byte)'/', ..] ? find(new SnapshotQuery { Name = chosen.Snapshot.Name.ToString(), Path = path }).Path! : path);
        }

        return paths;
    }

    /// <summary>Where a snapshot was made of, if that is a place here.</summary>
    private static byte[] OriginOf(SnapshotInfo snapshot, string host)
    {
        SnapshotPrivate names = snapshot.Snapshot.Private!;
        var subject = Subject.Snapshot(snapshot.Name);
        if (names.Host != host)
        {
            throw new VarveException(ErrorKind.Usage, subject, $"is of another host, {names.Host}: it has no place here", Advice.NameTarget);
        }

        return names.FurtherRoots.Count == 0 && names.RootPath.AsSpan().SequenceEqual(names.CanonicalRoot) ? names.RootPath
            : throw new VarveException(ErrorKind.Usage, subject, "was read from elsewhere than it is recorded under: it has no one place here",
                Advice.NameTarget);
    }

    private static VarveException Usage(string what) => new(ErrorKind.Usage, Subject.None, what);
}
