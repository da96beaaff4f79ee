using System.Net;
using System.Net.Sockets;
using Varve.App.Daemon.Control;
using Varve.App.Host;
using Varve.App.Invocation;
using Varve.App.Serve;
using Varve.App.Serve.Network;
using Varve.App.Settings.Configuration;
using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Table;

namespace Varve.App.Commands;

/// <summary><c>varve serve</c> without standard input and output: answers to many machines until it is stopped.</summary>
internal static class ServeNetwork
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        ConfigFile file = Read(values, context);
        ServerConfig config = file.Server!;
        using Socket? handedOver = ControlSocket.HandedOver(context.Environment);
        IPEndPoint? address = values.Get(RepositorySettings.Listen, null!);
        if (handedOver is null)
        {
            address ??= config.Listen
                ?? throw LineErrors.Of(RepositorySettings.Serve, "neither --listen nor the configuration says where to listen");
        }
        else if (address is not null)
        {
            throw LineErrors.Of(RepositorySettings.Serve, "--listen contradicts the socket that systemd hands over");
        }

        var log = new DaemonLog(context.Status, JournalStream.IsError(context.Environment), context.Time);
        var stores = new ServedStores();
        ServedClients Clients(ConfigFile read, ServedClients? before = null) => new(read.Server!,
            name => stores.Of(read.FindRepository(name)!), VersionCommand.Text, context.Time, before: before);
        var certificate = new CertificateFiles(config.Certificate, config.Key,
            e => Tell(LogLevel.Warning, "the certificate before is used on", e));
        using var requests = new AccessLog(context.Out, context.Time);
        var server = new NetworkServer(Clients(file), certificate, requests, context.Time);
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var service = new ServiceNotifier(context.Environment, context.Time);
        using var signals = new DaemonSignals(() => stop.TrySetResult(), Reload);
        server.Run(address, (ulong?)handedOver?.Handle, where =>
        {
            log.Write(LogLevel.Notice, $"listening at {where}, for {config.Clients.Count} clients");
            service.Ready();
        }, stop.Task).GetAwaiter().GetResult();
        return Outcome.Done;

        void Reload()
        {
            try
            {
                ConfigFile read = Read(values, context);
                certificate.Use(read.Server!.Certificate, read.Server.Key);
                if (!Equals(read.Server.Listen, config.Listen))
                {
                    log.Write(LogLevel.Warning, "where to listen has changed: the server must be started again for that");
                }

                server.Serve(before => Clients(read, before));
                log.Write(LogLevel.Notice, $"the configuration was read again: {read.Server!.Clients.Count} clients");
            }
            catch (VarveException e) { Tell(LogLevel.Error, "the configuration before is used on", e); }
        }

        void Tell(LogLevel level, string what, VarveException e) => log.Write(level, $"{e.Message}: {what}");
    }

    private static ConfigFile Read(SettingValues values, CommandContext context)
    {
        ConfigFile file = GlobalOptions.ReadConfiguration(values, context.Environment)
            ?? throw LineErrors.Of(RepositorySettings.Serve, "--stdio is missing, and there is no configuration of a server");
        return file.Server is not null ? file : throw new VarveException(ErrorKind.Usage, Subject.Configuration(file.Location),
            "it has no 'server', which says what is served to whom", Advice.SeeExample);
    }
}
