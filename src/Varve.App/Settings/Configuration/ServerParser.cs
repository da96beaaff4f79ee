using Varve.App.Settings.Daemon;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.Store.Lines;

namespace Varve.App.Settings.Configuration;

/// <summary>Reads what is said of a server. Stateless.</summary>
internal static class ServerParser
{
    /// <summary>What is said; null if nothing is. <paramref name="repositories"/> are those of the configuration.</summary>
    /// <exception cref="VarveException">Usage, with the place.</exception>
    internal static ServerConfig? Find(Dictionary<string, ConfigNode> values, ConfigPaths paths,
        IReadOnlyList<RepositoryConfig> repositories)
    {
        if (!values.TryGetValue(ConfigKeys.Server, out ConfigNode? node)) { return null; }
        Dictionary<string, ConfigNode> keys = node.AsMapping("'server'", ConfigKeys.OfServer);
        string Path(string key) => keys.TryGetValue(key, out ConfigNode? path) ? paths.Of(path, $"'{key}'")
            : throw node.Wrong($"a server has a '{key}'");
        return new ServerConfig
        {
            Listen = keys.TryGetValue(RepositorySettings.Listen.Key!, out ConfigNode? listen)
                ? listen.Parse(RepositorySettings.Listen, "'listen'") : null,
            Certificate = Path(ConfigKeys.Certificate),
            Key = Path(ConfigKeys.Key),
            Clients = Clients(keys, repositories),
        };
    }

    private static List<ServerClient> Clients(Dictionary<string, ConfigNode> keys, IReadOnlyList<RepositoryConfig> repositories)
    {
        var clients = new List<ServerClient>();
        foreach (ConfigNode node in keys.TryGetValue(ConfigKeys.Clients, out ConfigNode? list) ? list.AsList("'clients'") : [])
        {
            ServerClient client = Client(node, repositories);
            if (clients.Exists(c => c.Name == client.Name)) { throw node.Wrong($"there are two clients named '{client.Name}'"); }
            if (clients.Find(c => (c.Token is { } token && token == client.Token)
                || (c.Certificate is { } certificate && certificate == client.Certificate)) is { } twin)
            {
                throw node.Wrong($"'{client.Name}' and '{twin.Name}' would be told by the same token or certificate");
            }

            clients.Add(client);
        }

        return clients;
    }

    private static ServerClient Client(ConfigNode node, IReadOnlyList<RepositoryConfig> repositories)
    {
        Dictionary<string, ConfigNode> keys = node.AsMapping("a client", ConfigKeys.OfClient);
        ConfigNode Needed(string key) => keys.TryGetValue(key, out ConfigNode? value) ? value : throw node.Wrong($"a client has a '{key}'");
        T? Value<T>(string key, Func<string, string, T> parse) => keys.TryGetValue(key, out ConfigNode? value)
            ? value.Parse(parse, value.AsText($"'{key}'"), $"'{key}'") : default;
        long? Number(string key, Func<string, string, long> parse) => keys.ContainsKey(key) ? Value(key, parse) : null;
        ConfigNode name = Needed(ConfigKeys.Name);
        string called = name.AsText("'name'");
        if (!HttpsAddress.IsName(called)) { throw name.Wrong("the name of a client has letters, digits, '.', '-' and '_'"); }
        string? token = Value(ConfigKeys.Token, Networks.Hash), certificate = Value(ConfigKeys.Certificate, Networks.Hash);
        if (token is null && certificate is null) { throw node.Wrong("a client has a 'token' or a 'certificate', or both"); }
        return new ServerClient
        {
            Name = called,
            Token = token,
            Certificate = certificate,
            Repositories = Rights(Needed(ConfigKeys.Repositories), repositories),
            Quota = Number(ConfigKeys.Quota, Numbers.Size),
            LimitUpload = Number(GlobalSettings.LimitUpload.Key!, Numbers.Rate),
            LimitDownload = Number(GlobalSettings.LimitDownload.Key!, Numbers.Rate),
            Metrics = keys.TryGetValue(ConfigKeys.Metrics, out ConfigNode? metrics) && metrics.AsFlag("'metrics'"),
        };
    }

    private static Dictionary<string, ServeMode> Rights(ConfigNode node, IReadOnlyList<RepositoryConfig> repositories)
    {
        var rights = new Dictionary<string, ServeMode>(StringComparer.Ordinal);
        foreach ((string name, ConfigNode value) in node.AsMapping("'repositories' of a client", [.. repositories.Select(static r => r.Name)]))
        {
            if (!HttpsAddress.IsName(name))
            {
                throw value.Wrong($"'{name}' cannot be served: in an address a name has letters, digits, '.', '-' and '_'");
            }

            if (!repositories.First(r => r.Name == name).Address.StartsWith('/'))
            {
                throw value.Wrong($"'{name}' cannot be served: it lies on another machine, and a directory of this one is wanted");
            }

            rights[name] = value.Text switch
            {
                "read" => ServeMode.Read,
                "append" => ServeMode.Append,
                "full" => ServeMode.Full,
                _ => throw value.Wrong("what a client may do is 'read', 'append' or 'full'"),
            };
        }

        return rights;
    }
}
