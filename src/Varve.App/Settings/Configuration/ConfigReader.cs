using System.Text;
using Varve.App.Settings.Table;
using Varve.Freeze;
using Varve.Model;

namespace Varve.App.Settings.Configuration;

/// <summary>
/// Reads the configuration file. Strict: what it does not know is an error that names the line.
/// <code>
/// fs-snapshot: auto                # for all sources
/// sources:
///   - name: home
///     as: /home                    # what the source is recorded as; default: the first root
///     roots:
///       - /mnt/snap/home           # stands for all of it
///       - path: /mnt/photos
///         as: /home/photos         # stands for this part of it
///     exclude: ['*.o']
///     tag: [nightly]
///     one-file-system: true
///     ignore-inode: false
///     ignore-ctime: false
///     fs-snapshot: none
/// </code>
/// </summary>
internal static class ConfigReader
{
    /// <summary>The file somebody <paramref name="named"/>, or else the default one if it exists; null if there is none.</summary>
    internal static ConfigFile? Find(string? named, string? byDefault)
    {
        string? file = named ?? byDefault;
        if (named is null && !File.Exists(file)) { return null; }
        try { return Parse(file!, File.ReadAllText(file!, new UTF8Encoding(false, throwOnInvalidBytes: true))); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Configuration(file!), $"the configuration cannot be read: {e.Message}",
                Advice.OtherConfiguration, e);
        }
    }

    /// <summary>From its text; <paramref name="file"/> is for messages.</summary>
    internal static ConfigFile Parse(string file, string text)
    {
        ConfigNode? root = ConfigYaml.Parse(file, text);
        Dictionary<string, ConfigNode> values = root?.AsMapping("the configuration", ConfigKeys.OfAll) ?? [];
        var sources = new List<SourceConfig>();
        foreach (ConfigNode node in values.TryGetValue(ConfigKeys.Sources, out ConfigNode? list) ? list.AsList("'sources'") : [])
        {
            SourceConfig source = Source(node);
            if (sources.Exists(s => s.Name == source.Name)) { throw node.Wrong($"there are two sources named '{source.Name}'"); }
            if (sources.Exists(s => s.CanonicalRoot.AsSpan().SequenceEqual(source.CanonicalRoot)))
            {
                throw node.Wrong($"two sources are recorded as {PathText.Of(source.CanonicalRoot)}", Advice.OneSourceEach);
            }

            sources.Add(source);
        }

        return new ConfigFile { Location = file, Sources = sources, FileSystemSnapshot = Value(values, BackupSettings.FileSystemSnapshot) };
    }

    private static SourceConfig Source(ConfigNode node)
    {
        Dictionary<string, ConfigNode> values = node.AsMapping("a source", ConfigKeys.OfSource);
        if (!values.TryGetValue(BackupSettings.Source.Key!, out ConfigNode? name)) { throw node.Wrong("a source has no 'name'"); }
        if (!values.TryGetValue(ConfigKeys.Roots, out ConfigNode? roots) || roots.AsList("'roots'").Count == 0)
        {
            throw node.Wrong("a source has no 'roots'");
        }
        byte[]? canonical = values.TryGetValue(BackupSettings.As.Key!, out ConfigNode? mapped) ? Absolute(mapped, "'as'") : null;
        List<RootMapping> mappings = [];
        foreach (ConfigNode root in roots.Items!) { mappings.Add(Root(root, ref canonical)); }
        return new SourceConfig
        {
            Name = name.AsText("'name'"),
            CanonicalRoot = canonical!,
            Roots = mappings,
            Excludes = All(values, BackupSettings.Excludes),
            Tags = All(values, BackupSettings.Tags),
            OneFileSystem = Flag(values, BackupSettings.OneFileSystem),
            IgnoreInode = Flag(values, BackupSettings.IgnoreInode),
            IgnoreCtime = Flag(values, BackupSettings.IgnoreCtime),
            FileSystemSnapshot = Value(values, BackupSettings.FileSystemSnapshot),
        };
    }

    private static RootMapping Root(ConfigNode node, ref byte[]? canonical)
    {
        ConfigNode pathNode = node, mappedNode = node;
        byte[]? mapped = null;
        if (node.Members is not null)
        {
            Dictionary<string, ConfigNode> values = node.AsMapping("a root", ConfigKeys.OfRoot);
            pathNode = values.GetValueOrDefault(ConfigKeys.Path) ?? throw node.Wrong("a root has no 'path'");
            if (values.TryGetValue(BackupSettings.As.Key!, out mappedNode!)) { mapped = Absolute(mappedNode, "'as'"); }
        }

        byte[] path = Absolute(pathNode, "a root");
        canonical ??= mapped ?? path;
        mapped ??= canonical;
        return Paths.IsAtOrBelow(mapped, canonical) ? new RootMapping(path, mapped)
            : throw mappedNode.Wrong($"{PathText.Of(mapped)} does not lie in the source, which is recorded as {PathText.Of(canonical)}");
    }

    private static byte[] Absolute(ConfigNode node, string what) => Parse(node, BackupSettings.As, what);

    private static List<T> All<T>(Dictionary<string, ConfigNode> values, ValueSetting<T> setting)
    {
        var all = new List<T>();
        if (!values.TryGetValue(setting.Key!, out ConfigNode? list)) { return all; }
        foreach (ConfigNode item in list.AsList($"'{setting.Key}'")) { all.Add(Parse(item, setting, $"each of '{setting.Key}'")); }
        return all;
    }

    private static bool Flag(Dictionary<string, ConfigNode> values, FlagSetting flag) =>
        values.TryGetValue(flag.Key!, out ConfigNode? value) && value.AsFlag($"'{flag.Key}'");

    private static T? Value<T>(Dictionary<string, ConfigNode> values, ValueSetting<T> setting) where T : struct =>
        values.TryGetValue(setting.Key!, out ConfigNode? value) ? Parse(value, setting, $"'{setting.Key}'") : null;

    /// <summary>The value as the table parses it; an error gets the line.</summary>
    private static T Parse<T>(ConfigNode node, ValueSetting<T> setting, string what)
    {
        string text = node.AsText(what);
        try { return setting.Parse(text, what); }
        catch (VarveException e) { throw e.AtPlace(node.Place); }
    }
}
