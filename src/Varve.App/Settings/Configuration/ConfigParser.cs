using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.Model;

namespace Varve.App.Settings.Configuration;

/// <summary>
/// Makes a configuration of its text. Strict: what it does not know is an error that names the line. What is wrong with one source is kept
/// in <see cref="ConfigFile.Wrong"/>, since the others can be backed up; what is wrong with anything else is thrown.
/// </summary>
internal sealed class ConfigParser
{
    private readonly SourceParser _sources;
    private readonly ConfigPaths _paths;
    private List<RepositoryConfig> _repositories = [];

    private ConfigParser(ConfigPaths paths) => (_paths, _sources) = (paths, new SourceParser(paths, RepositoryOf));

    /// <summary><paramref name="file"/> is for messages, and what is not absolute lies beside it.</summary>
    /// <exception cref="VarveException">Usage.</exception>
    internal static ConfigFile Parse(string file, string text, string? home = null)
    {
        ConfigNode? root = ConfigYaml.Parse(file, text);
        return new ConfigParser(new ConfigPaths(file, home)).Parse(file, root?.AsMapping("the configuration", ConfigKeys.OfAll) ?? []);
    }

    private ConfigFile Parse(string file, Dictionary<string, ConfigNode> values)
    {
        List<RepositoryConfig> repositories =
            _repositories = Named(values, ConfigKeys.Repositories, "repositories", Repository, static r => r.Name);
        var wrong = new List<(string? Name, VarveException Error)>();
        SourceRules rules = RulesParser.Parse(values, _paths);
        List<SourceConfig> sources = Sources(values, rules, wrong);
        var known = new HashSet<string>(sources.Select(static s => s.Name).Concat(wrong.Select(static w => w.Name!)), StringComparer.Ordinal);
        return new ConfigFile
        {
            Location = file,
            Host = values.TryGetValue(ConfigKeys.Host, out ConfigNode? host) ? host.Parse(BackupSettings.Host, "'host'") : null,
            Repository = RepositoryOf(values),
            Repositories = repositories,
            Rules = rules,
            Retention = RetentionParser.Find(values),
            Hooks = HooksParser.Parse(values),
            Notify = NotifyParser.Targets(values),
            AlertAfter = NotifyParser.AlertAfter(values),
            Schedule = DaemonParser.Schedule(values),
            Daemon = DaemonParser.Daemon(values, _paths),
            Server = ServerParser.Find(values, _paths, repositories),
            Sources = sources,
            Wrong = wrong,
            Profiles = Named(values, ConfigKeys.Profiles, "profiles", node => Profile(node, known), static p => p.Name),
        };
    }

    private List<SourceConfig> Sources(Dictionary<string, ConfigNode> values, SourceRules rules,
        List<(string? Name, VarveException Error)> wrong)
    {
        var sources = new List<SourceConfig>();
        foreach (ConfigNode node in values.TryGetValue(ConfigKeys.Sources, out ConfigNode? list) ? list.AsList("'sources'") : [])
        {
            try
            {
                SourceConfig source = _sources.Parse(node);
                if (sources.Exists(s => s.Name == source.Name)) { throw node.Wrong($"there are two sources named '{source.Name}'"); }
                if (sources.Exists(s => s.CanonicalRoot.AsSpan().SequenceEqual(source.CanonicalRoot)))
                {
                    throw node.Wrong($"two sources are recorded as {PathText.Of(source.CanonicalRoot)}", Advice.OneSourceEach);
                }

                if (source.Target.Archive is not null && ArchiveLimits.Problem(source.Rules.Over(rules)) is { } problem)
                {
                    throw node.Wrong(problem);
                }

                sources.Add(source);
            }
            catch (VarveException e) { wrong.Add((NameOf(node), e)); }
        }

        return sources;
    }

    /// <summary>What a source that something is wrong with is called, if that can be told.</summary>
    private static string? NameOf(ConfigNode node) =>
        node.Members?.Find(static m => m.Key.Text == ConfigKeys.Name).Value?.Text is { Length: > 0 } name ? name : null;

    private RepositoryConfig Repository(ConfigNode node)
    {
        Dictionary<string, ConfigNode> values = node.AsMapping("a repository", ConfigKeys.OfRepository);
        string name = Required(node, values, ConfigKeys.Name, "a repository").AsText("'name'");
        if (name.Contains('/') || name.Contains(':') || name[0] == '~')
        {
            throw values[ConfigKeys.Name].Wrong("the name of a repository has no '/', no ':' and no '~': it could be taken for a place");
        }

        ConfigNode address = Required(node, values, ConfigKeys.Address, "a repository");
        return new RepositoryConfig
        {
            Name = name,
            Address = Place(address),
            Credential = Credential(values, name),
            CacheDirectory = PathOf(values, GlobalSettings.CacheDirectory),
            SshCommand = values.TryGetValue(GlobalSettings.SshCommand.Key!, out ConfigNode? ssh)
                ? ssh.AsText($"'{GlobalSettings.SshCommand.Key}'") : null,
            TokenFile = PathOf(values, GlobalSettings.TokenFile),
            AuthorityFile = PathOf(values, GlobalSettings.AuthorityFile),
            ClientCertificate = PathOf(values, GlobalSettings.ClientCertificate),
            LimitUpload = Limit(values, GlobalSettings.LimitUpload),
            LimitDownload = Limit(values, GlobalSettings.LimitDownload),
            WaitForStore = Limit(values, GlobalSettings.WaitForStore),
        };
    }

    private static T? Limit<T>(Dictionary<string, ConfigNode> values, ValueSetting<T> setting) where T : struct =>
        values.TryGetValue(setting.Key!, out ConfigNode? node) ? node.Parse(setting, $"'{setting.Key}'") : null;

    private CredentialSource? Credential(Dictionary<string, ConfigNode> values, string repository)
    {
        string origin = $"the repository '{repository}' in the configuration";
        CredentialSource? found = null;
        foreach ((Setting setting, CredentialKind kind) in ((Setting, CredentialKind)[])[(GlobalSettings.KeyFile, CredentialKind.KeyFile),
            (GlobalSettings.PasswordFile, CredentialKind.PasswordFile), (GlobalSettings.PasswordCommand, CredentialKind.PasswordCommand)])
        {
            if (!values.TryGetValue(setting.Key!, out ConfigNode? node)) { continue; }
            if (found is not null) { throw node.Wrong("a repository has one of key-file, password-file and password-command"); }
            found = new CredentialSource(kind,
                kind == CredentialKind.PasswordCommand ? node.AsText($"'{setting.Key}'") : _paths.Of(node, $"'{setting.Key}'"), origin);
        }

        return found;
    }

    private ProfileConfig Profile(ConfigNode node, HashSet<string> sources)
    {
        Dictionary<string, ConfigNode> values = node.AsMapping("a profile", ConfigKeys.OfProfile);
        List<string>? names = null;
        if (values.TryGetValue(ConfigKeys.Sources, out ConfigNode? list))
        {
            names = [];
            foreach (ConfigNode item in list.AsList("'sources'"))
            {
                string name = item.AsText("each of 'sources'");
                names.Add(sources.Contains(name) ? name : throw item.Wrong($"there is no source named '{name}'"));
            }
        }

        return new ProfileConfig
        {
            Name = Required(node, values, ConfigKeys.Name, "a profile").AsText("'name'"),
            Repository = RepositoryOf(values),
            Sources = names,
            Rules = RulesParser.Parse(values, _paths),
        };
    }

    /// <summary>A name of the list stays as it is; a place is made absolute.</summary>
    private string? RepositoryOf(Dictionary<string, ConfigNode> values) =>
        values.TryGetValue(ConfigKeys.Repository, out ConfigNode? node) ? RepositoryOf(node) : null;

    private string RepositoryOf(ConfigNode node) =>
        _repositories.Exists(r => r.Name == node.Text) ? node.Text!
        : node.Text?.AsSpan().ContainsAny('/', ':', '~') == false ? throw node.Wrong($"there is no repository named '{node.Text}'")
        : Place(node);

    /// <summary>A path is made absolute; what has a scheme stays as it is.</summary>
    private string Place(ConfigNode node)
    {
        string text = node.AsText("the place of a repository");
        int colon = text.IndexOf(':', StringComparison.Ordinal), slash = text.IndexOf('/', StringComparison.Ordinal);
        return colon > 0 && (slash < 0 || colon < slash) ? text : _paths.Of(node, "the place of a repository");
    }

    private string? PathOf(Dictionary<string, ConfigNode> values, Setting setting) =>
        values.TryGetValue(setting.Key!, out ConfigNode? node) ? _paths.Of(node, $"'{setting.Key}'") : null;

    private static ConfigNode Required(ConfigNode node, Dictionary<string, ConfigNode> values, string key, string what) =>
        values.TryGetValue(key, out ConfigNode? value) ? value : throw node.Wrong($"{what} has no '{key}'");

    private static List<T> Named<T>(Dictionary<string, ConfigNode> values, string key, string what, Func<ConfigNode, T> parse,
        Func<T, string> name)
    {
        var all = new List<T>();
        foreach (ConfigNode node in values.TryGetValue(key, out ConfigNode? list) ? list.AsList($"'{key}'") : [])
        {
            T item = parse(node);
            if (all.Exists(other => name(other) == name(item))) { throw node.Wrong($"there are two {what} named '{name(item)}'"); }
            all.Add(item);
        }

        return all;
    }
}
