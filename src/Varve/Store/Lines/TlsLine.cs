using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Varve.Model;

namespace Varve.Store.Lines;

/// <summary>
/// Lines to a server over the network; what goes over them is encrypted by whoever speaks HTTP on them. A certificate of other authorities
/// than those that are named is never taken. Thread-safe.
/// </summary>
internal sealed class TlsLine : IStoreLine
{
    private static readonly TimeSpan s_connect = TimeSpan.FromSeconds(30), s_patience = TimeSpan.FromSeconds(60);

    private readonly HttpsAddress _address;
    private readonly X509Certificate2Collection? _authorities;
    private readonly LineLimits _limits;
    private volatile string? _distrust;

    /// <summary>To the server of an address.</summary>
    internal TlsLine(HttpsAddress address, HttpsAccess access, LineLimits limits, TimeSpan? patience = null)
    {
        (_address, _authorities, _limits) = (address, access.Authorities, limits);
        var tls = new SslClientAuthenticationOptions
        {
            TargetHost = address.Host,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            RemoteCertificateValidationCallback = (_, certificate, chain, problems) => Trusts(certificate, chain, problems),
        };
        if (_authorities is not null)
        {
            tls.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck,
            };
            tls.CertificateChainPolicy.CustomTrustStore.AddRange(_authorities);
        }

        if (access.Certificate is { } own)
        {
            // As it is: nothing is fetched from where it says.
            tls.ClientCertificateContext = SslStreamCertificateContext.Create(own, null, offline: true);
        }

        Server = new ServerFront(new Uri($"https://{address.Place}"), "/" + address.Name, access.Token, tls,
            patience ?? s_patience, () => _distrust);
    }

    /// <inheritdoc/>
    public string Host => _address.Place;

    /// <inheritdoc/>
    public ServerFront Server { get; }

    /// <inheritdoc/>
    public IOpenLine Open()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            using var limit = new CancellationTokenSource(s_connect);
            socket.ConnectAsync(_address.Host, _address.Port, limit.Token).AsTask().GetAwaiter().GetResult();
            return new Connection(socket, _limits);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            string why = e is SocketException refused ? Reason(refused) : $"no answer within {s_connect.TotalSeconds:0} seconds";
            throw new VarveException(ErrorKind.Storage, Subject.Repository(_address.ToString()), $"cannot be reached: {Host}: {why}",
                Advice.CheckConnection, e)
            { IsRetryable = true };
        }
    }

    private static string Reason(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "there is no host of that name",
        _ => e.Message,
    };

    private bool Trusts(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors problems)
    {
        _distrust = problems == SslPolicyErrors.None ? null
            : certificate is null ? "it shows no certificate"
            : problems.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? $"its certificate is not for {_address.Host}"
            : "its certificate is not trusted: " + string.Join(", ", (chain?.ChainStatus ?? []).Select(static s => s.Status).Distinct());
        return problems == SslPolicyErrors.None;
    }

    private sealed class Connection(Socket socket, LineLimits limits) : IOpenLine
    {
        private readonly NetworkStream _stream = new(socket, ownsSocket: true);

        public PumpedLine Bytes => field ??= new PumpedLine(_stream, _stream, limits);

        public string Remark => "";

        public VarveException? Reason(string store) => null;

        public void Dispose() => _stream.Dispose();
    }
}
