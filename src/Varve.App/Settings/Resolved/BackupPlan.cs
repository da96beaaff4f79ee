using Varve.App.Settings.Configuration;
using Varve.App.Settings.Values;
using Varve.Freeze;

namespace Varve.App.Settings.Resolved;

/// <summary>
/// Which runs a command line makes. Paths that are mapped onto one canonical root are one run; a path that the configuration says nothing
/// about is a run by itself; without any path, what the configuration has.
/// </summary>
internal static class BackupPlan
{
    /// <summary>Several roots that are one source.</summary>
    private sealed record Group(byte[]? CanonicalRoot, SourceConfig? Source, List<RootMapping> Roots);

    /// <summary>The runs; <paramref name="common"/> has everything but the roots.</summary>
    internal static IReadOnlyList<BackupOptions> Make(BackupOptions common, string[] paths, byte[]? mapped, FreezeMethod? method,
        ConfigFile? config)
    {
        if (Array.Exists(paths, static p => p.Length == 0))
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request("a path"), "is empty");
        }
        List<Group> groups = mapped is not null ? [Merged(paths, mapped)]
            : paths.Length == 0 ? Configured(common.Source, config) : Typed(paths, config);
        if (common.Source is not null && groups.Count > 1)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request("--source"), "names one source, and several paths are given",
                Advice.OneByOne);
        }

        return [.. groups.Select(g => Run(common, g, method, config))];
    }

    private static BackupOptions Run(BackupOptions common, Group group, FreezeMethod? method, ConfigFile? config) => common with
    {
        RootPath = group.Roots[0].Path,
        CanonicalRoot = group.CanonicalRoot,
        RootAs = group.CanonicalRoot is null ? null : group.Roots[0].As,
        FurtherRoots = group.Roots[1..],
        Source = common.Source ?? group.Source?.Name,
        Tags = [.. group.Source?.Tags ?? [], .. common.Tags],
        Excludes = [.. group.Source?.Excludes ?? [], .. common.Excludes],
        OneFileSystem = common.OneFileSystem || group.Source?.OneFileSystem == true,
        IgnoreInode = common.IgnoreInode || group.Source?.IgnoreInode == true,
        IgnoreCtime = common.IgnoreCtime || group.Source?.IgnoreCtime == true,
        FileSystemSnapshot = method ?? group.Source?.FileSystemSnapshot ?? config?.FileSystemSnapshot ?? FreezeMethod.None,
    };

    private static Group Merged(string[] paths, byte[] mapped) => paths.Length == 0
        ? throw new VarveException(ErrorKind.Usage, Subject.Request("--as"), "says what a PATH is recorded as, and none is given")
        : new Group(mapped, null, [.. paths.Select(p => new RootMapping(RawArguments.ToBytes(p), mapped))]);

    private static List<Group> Configured(string? name, ConfigFile? config)
    {
        if (config is null || config.Sources.Count == 0)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Command("backup"),
                "there is nothing to back up: no PATH is given, and no source is configured", Advice.SeeHelp);
        }

        var sources = config.Sources.Where(s => name is null || s.Name == name).ToList();
        return sources.Count > 0 ? sources.ConvertAll(static s => new Group(s.CanonicalRoot, s, [.. s.Roots]))
            : throw new VarveException(ErrorKind.Usage, Subject.Configuration(config.Location),
            $"it has no source named '{name}'; there are: {string.Join(", ", config.Sources.Select(static s => s.Name))}");
    }

    private static List<Group> Typed(string[] paths, ConfigFile? config)
    {
        var groups = new List<Group>();
        foreach (string path in paths)
        {
            byte[] bytes = RawArguments.ToBytes(path),
                full = RawArguments.ToBytes(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
            (SourceConfig? source, RootMapping? root) = Rule(full, config);
            if (root is null)
            {
                groups.Add(new Group(null, null, [new RootMapping(bytes, [])]));
                continue;
            }

            // What lies below a configured root is a source by itself, to which only the mapping applies.
            bool whole = root.Path.Length == full.Length;
            byte[] canonical = whole ? source!.CanonicalRoot : Paths.Join(root.As, Paths.Below(full, root.Path));
            var mapping = new RootMapping(bytes, whole ? root.As : canonical);
            if (groups.Find(g => g.CanonicalRoot?.AsSpan().SequenceEqual(canonical) == true) is { } group) { group.Roots.Add(mapping); }
            else { groups.Add(new Group(canonical, whole ? source : null, [mapping])); }
        }

        return groups;
    }

    /// <summary>The deepest configured root that a path is or lies below.</summary>
    private static (SourceConfig? Source, RootMapping? Root) Rule(byte[] path, ConfigFile? config)
    {
        (SourceConfig?, RootMapping? Root) best = default;
        foreach (SourceConfig source in config?.Sources ?? [])
        {
            foreach (RootMapping root in source.Roots)
            {
                if (Paths.IsAtOrBelow(path, root.Path) && (best.Root is null || root.Path.Length > best.Root.Path.Length))
                {
                    best = (source, root);
                }
            }
        }

        return best;
    }
}
