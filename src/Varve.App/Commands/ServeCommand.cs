using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Varve.App.Invocation;
using Varve.App.Serve;
using Varve.App.Settings.Configuration;
using Varve.App.Settings.Daemon;
using Varve.App.Settings.Line;
using Varve.App.Settings.Table;
using Varve.Store.Lines;
using Varve.Store.Remote;

namespace Varve.App.Commands;

/// <summary><c>varve serve</c>: hands repositories to whoever is at the other end of standard streams, or of the network.</summary>
internal static class ServeCommand
{
    private const int Requests = 32; // that wait for a disk at once, each on a thread
    private const int TokenBytes = 32;

    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        bool isStdio = values.Has(RepositorySettings.Stdio);
        string? path = values.Find(RepositorySettings.Served);
        if (values.Has(RepositorySettings.NewToken)) { return PrintToken(context); }
        if (!isStdio && (path is not null || values.Has(RepositorySettings.AppendOnly))) { throw Wrong("--stdio is missing"); }
        ThreadPool.SetMinThreads(Requests, 4);
        if (!isStdio) { return ServeNetwork.Run(values, context); }
        if (values.Get(RepositorySettings.Listen, null!) is not null) { throw Wrong("--stdio and --listen contradict each other"); }
        var location = new RepositoryLocation(path ?? throw Wrong("--repository is missing"));
        if (location.IsRemote) { throw Wrong("--repository takes a directory of this machine"); }
        var rights = new ServeRights { Mode = values.Has(RepositorySettings.AppendOnly) ? ServeMode.Append : ServeMode.Full };
        using var store = ServedStore.At(location);
        using var line = new PumpedLine(Standard(0, FileAccess.Read), Standard(1, FileAccess.Write));
        StoreServer.Run(line, new StoreEndpoint(store, rights, VersionCommand.Text), VersionCommand.Text).GetAwaiter().GetResult();
        return Outcome.Done;
    }

    private static VarveException Wrong(string what) => LineErrors.Of(RepositorySettings.Serve, what);

    /// <summary>A token by chance: its hash needs no salt and no slowness.</summary>
    private static Outcome PrintToken(CommandContext context)
    {
        string token = "varve_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes));
        context.Out.WriteLine("token: " + token);
        context.Out.WriteLine("hash:  " + Networks.HashText(SHA256.HashData(Encoding.UTF8.GetBytes(token))));
        return Outcome.Done;
    }

    private static FileStream Standard(int descriptor, FileAccess access) =>
        new(new SafeFileHandle(descriptor, ownsHandle: false), access, bufferSize: 0);
}
