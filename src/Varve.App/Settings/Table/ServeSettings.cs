using System.Net;
using Varve.App.Settings.Values;

namespace Varve.App.Settings.Table;

/// <summary>What hands repositories to other machines.</summary>
internal static class ServeSettings
{
    internal static readonly FlagSetting Stdio = new()
    {
        Name = "--stdio", Help = "Speak through standard input and output, as ssh starts it",
    };

    internal static readonly ValueSetting<string> Served = new()
    {
        Name = "--repository", ValueName = "DIR",
        Help = "With --stdio, the directory that is served; it is made when a repository is created there",
        Completes = Completes.Directories, Parse = Texts.NotEmpty,
    };

    internal static readonly FlagSetting AppendOnly = new()
    {
        Name = "--append-only", Help = "With --stdio, take new packs, index runs and snapshots; replace and remove nothing that is there",
    };

    internal static readonly ValueSetting<IPEndPoint> Listen = new()
    {
        Name = "--listen", ValueName = "ADDRESS",
        Help = "Where to listen: ADDRESS:PORT, or :PORT for all addresses; else as the configuration says",
        Key = "listen", Parse = Networks.Listening,
    };

    internal static readonly FlagSetting NewToken = new()
    {
        Name = "--new-token", Help = "Make a token for a client, and print it and the hash of it that the configuration gets",
    };

    internal static readonly CommandSpec Serve = new()
    {
        Path = "serve",
        Help = "Hand repositories to other machines. Whoever names one as ssh://HOST/DIR has this started here by ssh; in authorized_keys it "
            + "stands as a forced command (docs/remote.md). Without --stdio it answers to https://HOST/NAME: 'server' in the "
            + "configuration says which repositories, and to whom (docs/server.md).",
        Examples =
        [
            "varve serve --stdio --append-only --repository /srv/laptop", "varve serve --new-token",
            "varve serve --config /etc/varve/server.yaml --listen :8443",
        ],
        Settings = [Stdio, Served, AppendOnly, Listen, NewToken],
        UsesRepository = false,
        NoJson = "it speaks a protocol, and writes one JSON object a line for each request",
    };
}
