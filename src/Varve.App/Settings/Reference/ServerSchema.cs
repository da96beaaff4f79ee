using System.Text.Json.Nodes;
using Varve.App.Settings.Configuration;
using Varve.App.Settings.Table;

namespace Varve.App.Settings.Reference;

/// <summary>The part of <see cref="ConfigSchema"/> that is about a server.</summary>
internal static class ServerSchema
{
    internal static JsonObject Of()
    {
        JsonObject listen = ConfigSchema.Value(RepositorySettings.Listen);
        listen["pattern"] = ":[0-9]{1,5}$";
        return ConfigSchema.Mapping("What 'varve serve' hands to other machines by HTTPS", new JsonObject
        {
            [RepositorySettings.Listen.Key!] = listen,
            [ConfigKeys.Certificate] = ConfigSchema.Filled("Its certificate, and those that lead to the authority (PEM)"),
            [ConfigKeys.Key] = ConfigSchema.Filled("The certificate's private key (PEM)"),
            [ConfigKeys.Clients] = ConfigSchema.List("Who is served", Client()),
        }, ConfigKeys.Certificate, ConfigKeys.Key);
    }

    private static JsonObject Client()
    {
        JsonObject name = ConfigSchema.Filled("What the client is called in logs and metrics");
        name["pattern"] = "^[A-Za-z0-9._/-]+$";
        JsonObject client = ConfigSchema.Mapping("A client", new JsonObject
        {
            [ConfigKeys.Name] = name,
            [ConfigKeys.Token] = Hash("The hash of the client's token, as 'varve serve --new-token' prints it"),
            [ConfigKeys.Certificate] = Hash("The hash of the client's certificate"),
            [ConfigKeys.Repositories] = new JsonObject
            {
                ["description"] = "What the client may do with which repository",
                ["type"] = "object",
                ["additionalProperties"] = new JsonObject { ["enum"] = new JsonArray("read", "append", "full") },
            },
            [ConfigKeys.Quota] = Size("How large a repository may become by what the client puts into it"),
            [GlobalSettings.LimitUpload.Key!] = Size("How many bytes a second are taken from the client at most"),
            [GlobalSettings.LimitDownload.Key!] = Size("How many bytes a second the client is sent at most"),
            [ConfigKeys.Metrics] = ConfigSchema.Described("The client may read the server's metrics", "boolean"),
        }, ConfigKeys.Name, ConfigKeys.Repositories);
        client["anyOf"] = new JsonArray(new JsonObject { ["required"] = new JsonArray(ConfigKeys.Token) },
            new JsonObject { ["required"] = new JsonArray(ConfigKeys.Certificate) });
        return client;
    }

    private static JsonObject Hash(string description)
    {
        JsonObject hash = ConfigSchema.Filled(description);
        hash["pattern"] = "^sha256:[0-9a-fA-F]{64}$";
        return hash;
    }

    private static JsonObject Size(string description)
    {
        JsonObject size = ConfigSchema.Value(GlobalSettings.LimitUpload);
        size["description"] = description;
        return size;
    }
}
