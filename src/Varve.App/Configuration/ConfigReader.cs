using System.Text;
using Varve.App.Options;
using Varve.Backup;
using Varve.FileSystems;
using Varve.Model;

namespace Varve.App.Configuration;

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
    /// <summary>The file somebody named, or the default one if it exists; null if there is none.</summary>
    internal static ConfigFile? Find(string? option, Func<string, string?> environment)
    {
        if (option is "") { throw new VarveException(ErrorKind.Usage, "--config is empty"); }
        string? named = option is null ? environment("VARVE_CONFIG") is { Length: > 0 } variable ? variable : null : RawArguments.Text(option, "--config");
        string? file = named ?? GlobalOptions.DefaultIn(environment, "XDG_CONFIG_HOME", ".config", "config.yaml");
        if (named is null && !File.Exists(file)) { return null; }
        try { return Parse(file!, File.ReadAllText(file!, new UTF8Encoding(false, throwOnInvalidBytes: true))); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Configuration(file!), $"the configuration cannot be read: {e.Message}", Advice.OtherConfiguration, e);
        }
    }

    /// <summary>From its text; <paramref name="file"/> is for messages.</summary>
    internal static ConfigFile Parse(string file, string text)
    {
        ConfigNode? root = ConfigYaml.Parse(file, text);
        Dictionary<string, ConfigNode> values = root?.AsMapping("the configuration", "fs-snapshot", "sources") ?? [];
        var sources = new List<SourceConfig>();
        foreach (ConfigNode node in values.TryGetValue("sources", out ConfigNode? list) ? list.AsList("'sources'") : [])
        {
            SourceConfig source = Source(node);
            if (sources.Exists(s => s.Name == source.Name)) { throw node.Wrong($"there are two sources named '{source.Name}'"); }
            if (sources.Exists(s => s.CanonicalRoot.AsSpan().SequenceEqual(source.CanonicalRoot)))
            {
                throw node.Wrong($"two sources are recorded as {PathText.Of(source.CanonicalRoot)}", Advice.OneSourceEach);
            }

            sources.Add(source);
        }

        return new ConfigFile { Location = file, Sources = sources, FileSystemSnapshot = Method(values) };
    }

    private static SourceConfig Source(ConfigNode node)
    {
        Dictionary<string, ConfigNode> values =
            node.AsMapping("a source", "name", "as", "roots", "exclude", "tag", "one-file-system", "ignore-inode", "ignore-ctime", "fs-snapshot");
        if (!values.TryGetValue("name", out ConfigNode? name)) { throw node.Wrong("a source has no 'name'"); }
        if (!values.TryGetValue("roots", out ConfigNode? roots) || roots.AsList("'roots'").Count == 0) { throw node.Wrong("a source has no 'roots'"); }
        byte[]? canonical = values.TryGetValue("as", out ConfigNode? mapped) ? Absolute(mapped, "'as'") : null;
        List<RootMapping> mappings = [];
        foreach (ConfigNode root in roots.Items!) { mappings.Add(Root(root, ref canonical)); }
        return new SourceConfig
        {
            Name = name.AsText("'name'"),
            CanonicalRoot = canonical!,
            Roots = mappings,
            Excludes = Texts(values, "exclude", static g => Glob.Parse(g)),
            Tags = Texts(values, "tag"),
            OneFileSystem = Flag(values, "one-file-system"),
            IgnoreInode = Flag(values, "ignore-inode"),
            IgnoreCtime = Flag(values, "ignore-ctime"),
            FileSystemSnapshot = Method(values),
        };
    }

    private static RootMapping Root(ConfigNode node, ref byte[]? canonical)
    {
        ConfigNode pathNode = node, mappedNode = node;
        byte[]? mapped = null;
        if (node.Members is not null)
        {
            Dictionary<string, ConfigNode> values = node.AsMapping("a root", "path", "as");
            pathNode = values.GetValueOrDefault("path") ?? throw node.Wrong("a root has no 'path'");
            if (values.TryGetValue("as", out mappedNode!)) { mapped = Absolute(mappedNode, "'as'"); }
        }

        byte[] path = Absolute(pathNode, "a root");
        canonical ??= mapped ?? path;
        mapped ??= canonical;
        return Paths.IsAtOrBelow(mapped, canonical) ? new RootMapping(path, mapped)
            : throw mappedNode.Wrong($"{PathText.Of(mapped)} does not lie in the source, which is recorded as {PathText.Of(canonical)}");
    }

    private static byte[] Absolute(ConfigNode node, string what)
    {
        try { return CanonicalPaths.Normalize(Encoding.UTF8.GetBytes(node.AsText(what)), what); }
        catch (VarveException e) { throw e.AtPlace(node.Place); }
    }

    private static List<string> Texts(Dictionary<string, ConfigNode> values, string key, Action<string>? check = null)
    {
        var texts = new List<string>();
        if (!values.TryGetValue(key, out ConfigNode? list)) { return texts; }
        foreach (ConfigNode item in list.AsList($"'{key}'"))
        {
            string text = item.AsText($"each of '{key}'");
            try { check?.Invoke(text); }
            catch (VarveException e) { throw e.AtPlace(item.Place); }
            texts.Add(text);
        }

        return texts;
    }

    private static bool Flag(Dictionary<string, ConfigNode> values, string key) => values.TryGetValue(key, out ConfigNode? value) && value.AsFlag($"'{key}'");

    private static SnapshotMethod? Method(Dictionary<string, ConfigNode> values)
    {
        if (!values.TryGetValue("fs-snapshot", out ConfigNode? value)) { return null; }
        return SnapshotMethods.Find(value.AsText("'fs-snapshot'")) ?? throw value.Wrong($"'fs-snapshot' must be one of {SnapshotMethods.All}");
    }
}
