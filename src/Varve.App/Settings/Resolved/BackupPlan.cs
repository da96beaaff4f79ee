using Varve.App.Settings.Configuration;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.Backup.Sources;
using Varve.Freeze;
using Varve.Maintain.Retention;
using Varve.Vault.Runs;

namespace Varve.App.Settings.Resolved;

/// <summary>
/// Which runs a command line makes. Paths that are mapped onto one canonical root are one run; a path that the configuration says nothing
/// about is a run by itself; without any path, what the configuration has.
/// </summary>
internal sealed class BackupPlan(
    BackupOptions common, SourceRules line, ConfigFile? config, ProfileConfig? profile, Moments? moments = null,
    NoScanList? noScan = null)
{
    private static readonly KeepDuration s_keepLog = new(Years: 1, Months: 0, Weeks: 0, Days: 0, Hours: 0);

    /// <summary>Several roots that are one source.</summary>
    private sealed record Group(byte[]? CanonicalRoot, SourceConfig? Source, List<RootMapping> Roots);

    /// <summary>
    /// The runs. What the command line says of a source goes before the profile, that before the source itself, and that before what the
    /// configuration says of all.
    /// </summary>
    internal IReadOnlyList<BackupOptions> Make(string[] paths, byte[]? mapped)
    {
        if (Array.Exists(paths, static p => p.Length == 0))
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request("a path"), "is empty");
        }

        List<Group> groups = mapped is not null ? [Merged(paths, mapped)] : paths.Length == 0 ? Configured() : Typed(paths);
        if (common.Source is not null && groups.Count > 1)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request("--source"), "names one source, and several paths are given",
                Advice.OneByOne);
        }

        return [.. groups.Select(Run)];
    }

    private BackupOptions Run(Group group)
    {
        SourceRules configured = (group.Source?.Rules ?? SourceRules.None).Over(config?.Rules ?? SourceRules.None);
        configured = (profile?.Rules ?? SourceRules.None).Over(configured);
        SourceRules rules = line.Over(configured);
        return common with
        {
            RootPath = group.Roots[0].Path,
            CanonicalRoot = group.CanonicalRoot,
            RootAs = group.CanonicalRoot is null ? null : group.Roots[0].As,
            RootIsRemovable = group.Roots[0].IsRemovable,
            RootFileSystem = group.Roots[0].FileSystem,
            FurtherRoots = group.Roots[1..],
            Source = common.Source ?? group.Source?.Name,
            Tags = rules.Tags,
            PlacedRules = [.. rules.Rules.SelectMany(static r => r.Read()), .. noScan?.For(group.Roots) ?? []],
            ExcludeLargerThan = rules.LargerThan,
            ExcludeOlderThan = Time(rules.OlderThan, BackupSettings.OlderThan),
            ExcludeNewerThan = Time(rules.NewerThan, BackupSettings.NewerThan),
            ExcludeIfPresent = rules.IfPresent,
            ExcludeCaches = rules.Caches == true,
            ExcludeNoDump = rules.NoDump == true,
            ExcludeXattrs = rules.IfXattr,
            ExcludeFileSystems = rules.FileSystemTypes,
            IgnoreFiles = rules.IgnoreFiles,
            Groups = rules.Groups,
            PathMap = rules.Map,
            OneFileSystem = rules.OneFileSystem == true,
            IgnoreInode = rules.IgnoreInode == true,
            IgnoreCtime = rules.IgnoreCtime == true,
            FileSystemSnapshot = rules.FileSystemSnapshot ?? FreezeMethod.None,
            Trust = rules.Trust ?? PackTrust.All,
            VerifyExisting = rules.VerifyExisting == true,
            CompressionLevel = rules.Compression ?? common.CompressionLevel,
            Budget = rules.Budget,
            BudgetBySize = rules.BudgetBySize == true,
            LogSince = moments is null ? null : (rules.KeepLog ?? s_keepLog).Before(FileTime.From(moments.Now), moments.Zone),
        };
    }

    private FileTime? Time(string? text, Setting setting) => text is null ? null
        : (moments ?? throw new InvalidOperationException("It is not known when this is.")).Parse(text, setting.Name);

    private static Group Merged(string[] paths, byte[] mapped) => paths.Length == 0
        ? throw new VarveException(ErrorKind.Usage, Subject.Request("--as"), "says what a PATH is recorded as, and none is given")
        : new Group(mapped, null, [.. paths.Select(p => new RootMapping(RawArguments.ToBytes(p), mapped))]);

    private List<Group> Configured()
    {
        if (config is null || config.Sources.Count + config.Wrong.Count == 0)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Command("backup"),
                "there is nothing to back up: no PATH is given, and no source is configured", Advice.SeeHelp);
        }

        var chosen = ChosenSources.Of(config, profile, common.Source);
        if (chosen.Sources.Count == 0)
        {
            if (chosen.Wrong.Count == 1) { throw chosen.Wrong[0].Error; }
            if (chosen.Wrong.Count == 0)
            {
                throw new VarveException(ErrorKind.Usage, Subject.Configuration(config.Location),
                    $"it has no source named '{common.Source}'; there are: {string.Join(", ", config.Sources.Select(static s => s.Name))}");
            }
        }

        return [.. chosen.Sources.Select(static s => new Group(s.CanonicalRoot, s, [.. s.Roots]))];
    }

    private List<Group> Typed(string[] paths)
    {
        var groups = new List<Group>();
        foreach (string path in paths)
        {
            byte[] bytes = RawArguments.ToBytes(path),
                full = RawArguments.ToBytes(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
            (SourceConfig? source, RootMapping? root) = Rule(full);
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
    private (SourceConfig? Source, RootMapping? Root) Rule(byte[] path)
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
