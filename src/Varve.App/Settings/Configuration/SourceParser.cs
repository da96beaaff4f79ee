using Varve.App.Settings.Table;
using Varve.Backup.Sources;
using Varve.Freeze;
using Varve.Model;

namespace Varve.App.Settings.Configuration;

/// <summary>Makes a source of its node.</summary>
/// <param name="paths">Of the file.</param>
/// <param name="repository">The repository that a node names.</param>
internal sealed class SourceParser(ConfigPaths paths, Func<ConfigNode, string> repository)
{
    /// <exception cref="VarveException">Usage.</exception>
    internal SourceConfig Parse(ConfigNode node)
    {
        Dictionary<string, ConfigNode> values = node.AsMapping("a source", ConfigKeys.OfSource);
        if (!values.TryGetValue(BackupSettings.Source.Key!, out ConfigNode? name)) { throw node.Wrong("a source has no 'name'"); }
        if (!values.TryGetValue(ConfigKeys.Roots, out ConfigNode? roots) || roots.AsList("'roots'").Count == 0)
        {
            throw node.Wrong("a source has no 'roots'");
        }

        byte[]? canonical = values.TryGetValue(BackupSettings.As.Key!, out ConfigNode? mapped) ? paths.BytesOf(mapped, "'as'") : null;
        TargetConfig target = DaemonParser.Target(values, paths, repository);
        if (target.Archive is not null && (mapped ?? roots.Items!.Select(MappedOf).FirstOrDefault(static m => m is not null)) is { } unheld)
        {
            throw unheld.Wrong("'as' is of backups: in archives things have the names that they have");
        }

        List<RootMapping> mappings = [];
        foreach (ConfigNode root in roots.Items!) { mappings.Add(Root(root, ref canonical)); }
        return new SourceConfig
        {
            Name = name.AsText("'name'"), CanonicalRoot = canonical!, Roots = mappings, Rules = RulesParser.Parse(values, paths),
            Retention = RetentionParser.Find(values), Hooks = HooksParser.Parse(values),
            AlertAfter = NotifyParser.AlertAfter(values), Ping = NotifyParser.Ping(values),
            Schedule = DaemonParser.Schedule(values) with { Continuous = DaemonParser.Continuous(values) },
            Target = target,
        };
    }

    private static ConfigNode? MappedOf(ConfigNode root) =>
        root.Members?.Find(static m => m.Key.Text == BackupSettings.As.Key).Value;

    private RootMapping Root(ConfigNode node, ref byte[]? canonical)
    {
        ConfigNode pathNode = node, mappedNode = node;
        byte[]? mapped = null;
        string? removable = null;
        if (node.Members is not null)
        {
            Dictionary<string, ConfigNode> values = node.AsMapping("a root", ConfigKeys.OfRoot);
            pathNode = values.GetValueOrDefault(ConfigKeys.Path) ?? throw node.Wrong("a root has no 'path'");
            if (values.TryGetValue(BackupSettings.As.Key!, out mappedNode!)) { mapped = paths.BytesOf(mappedNode, "'as'"); }
            removable = values.TryGetValue(ConfigKeys.Removable, out ConfigNode? id) ? id.AsText("'removable'") : null;
        }

        byte[] path = paths.BytesOf(pathNode, "a root");
        canonical ??= mapped ?? path;
        mapped ??= canonical;
        return Paths.IsAtOrBelow(mapped, canonical)
            ? new RootMapping(path, mapped)
            {
                IsRemovable = removable is not (null or "false"), FileSystem = removable is "true" or "false" ? null : removable,
            }
            : throw mappedNode.Wrong($"{PathText.Of(mapped)} does not lie in the source, which is recorded as {PathText.Of(canonical)}");
    }
}
