using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Varve.App.Output;
using Varve.App.Serve;
using Varve.App.Serve.Network;
using Varve.App.Settings.Configuration;
using Varve.Store.Lines;
using Varve.Store.Remote;

namespace Varve.Tests.Kit.Stores;

/// <summary>A server of stores in this process, on loopback, for three clients: one each may do everything, add, and read.</summary>
internal sealed class TestServer : IDisposable
{
    /// <summary>Tokens.</summary>
    internal const string Full = "varve_full", Append = "varve_append", Read = "varve_read";

    private readonly ScratchDirectory _d = new();
    private readonly TaskCompletionSource _stop = new();
    private readonly Task _run;
    private readonly MemoryStream _log = new();
    private readonly AccessLog _requests;
    private readonly Func<Func<ServerClient, bool>, ServedClients?, ServedClients> _clients;

    /// <summary>Serves a store as "it", and another as "other", which only he who may do everything reaches.</summary>
    internal TestServer(IStore store, bool checksNames = true, long? quota = null, Func<ServerClient, ServerClient>? change = null,
        IStore? other = null)
    {
        Authority = new TestAuthority(_d.Path);
        Authority.Issue("server");
        ServerClient Client(string token, ServeMode mode) => new()
        {
            Name = token, Token = HashOf(token), Quota = quota, Metrics = mode == ServeMode.Full,
            Repositories = mode == ServeMode.Full ? new Dictionary<string, ServeMode> { ["it"] = mode, ["other"] = mode }
                : new Dictionary<string, ServeMode> { ["it"] = mode },
        };
        ServerClient[] clients = [Client(Full, ServeMode.Full), Client(Append, ServeMode.Append), Client(Read, ServeMode.Read)];
        var config = new ServerConfig { Certificate = "", Key = "", Clients = [.. clients.Select(c => change?.Invoke(c) ?? c)] };
        ServedStore it = new(_ => store), elsewhere = new(_ => other ?? new MemoryStore());
        _clients = (which, before) => new ServedClients(config with { Clients = [.. config.Clients.Where(which)] },
            name => name == "it" ? it : elsewhere, "1.2.3", TimeProvider.System, checksNames, before);
        Server = new NetworkServer(_clients(static _ => true, null),
            new CertificateFiles(Authority.At("server.pem"), Authority.At("server.key"), Warnings.Add),
            _requests = new AccessLog(new TextOutput(_log), TimeProvider.System), TimeProvider.System);
        var listening = new TaskCompletionSource<string>();
        _run = Task.Run(() => Server.Run(new IPEndPoint(IPAddress.Loopback, 0), null, listening.SetResult, _stop.Task));
        Assert.True(Task.WaitAny(listening.Task, _run) == 0, _run.Exception?.ToString() ?? "");
        Port = new Uri(listening.Task.Result).Port;
    }

    internal NetworkServer Server { get; }

    internal TestAuthority Authority { get; }

    internal int Port { get; }

    /// <summary>What was said of certificates.</summary>
    internal List<VarveException> Warnings { get; } = [];

    /// <summary>What was logged, a line each; whole once the server has ended.</summary>
    internal string Log => Encoding.UTF8.GetString(_log.ToArray());

    /// <summary>How its certificate is trusted, and no other.</summary>
    internal SslClientAuthenticationOptions Trust(params SslApplicationProtocol[] protocols)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(Authority.AuthorityFile);
        return new SslClientAuthenticationOptions
        {
            TargetHost = "localhost", CertificateChainPolicy = policy, ApplicationProtocols = protocols.Length == 0 ? null : [.. protocols],
        };
    }

    internal static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>How whoever has a token opens its store.</summary>
    internal IStore Open(string? token = Full, string name = "it", string host = "localhost", string? certificate = null,
        string? authority = null)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(authority ?? Authority.AuthorityFile);
        return HttpsStore.Open(HttpsAddress.Parse($"https://{host}:{Port}/{name}"), new HttpsAccess(token, authorities,
            certificate is null ? null
            : X509Certificate2.CreateFromPemFile(Authority.At(certificate + ".pem"), Authority.At(certificate + ".key"))),
            new StoreOpening(false, Path.Combine(_d.Path, "spool"), TimeProvider.System));
    }

    /// <summary>Serves some of the clients from now on, as when the configuration is read again.</summary>
    internal void ServeOnly(Func<ServerClient, bool> which) => Server.Serve(before => _clients(which, before));

    /// <summary>Ends it as SIGTERM does.</summary>
    internal void Stop()
    {
        _stop.TrySetResult();
        _run.GetAwaiter().GetResult();
        _requests.Dispose();
    }

    public void Dispose()
    {
        Stop();
        Authority.Dispose();
        _d.Dispose();
    }
}
