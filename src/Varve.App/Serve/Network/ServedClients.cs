using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Varve.App.Settings.Configuration;
using Varve.Store.Remote;

namespace Varve.App.Serve.Network;

/// <summary>All clients of a configuration, found by what they show. Only hashes of tokens are known. Immutable, thread-safe.</summary>
internal sealed class ServedClients
{
    private readonly Served[] _all;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, Served> _tokens, _certificates;

    /// <summary>
    /// Those of a configuration. <paramref name="store"/> gives the store of a repository by its name. Of those <paramref name="before"/>
    /// of whom it says the same each goes on as he is, with his connections, turns and rates. Without <paramref name="checksNames"/> any
    /// names are taken, for tests of stores as such.
    /// </summary>
    internal ServedClients(ServerConfig config, Func<string, ServedStore> store, string program, TimeProvider time, bool checksNames = true,
        ServedClients? before = null)
    {
        _time = time;
        _all = [.. config.Clients.Select(c => Array.Find(before?._all ?? [], s => s.Is(c, store))
            ?? new Served(c, store, program, time, checksNames))];
        _tokens = _all.Where(static s => s.Client.Token is not null).ToDictionary(static s => s.Client.Token!, StringComparer.Ordinal);
        _certificates = _all.Where(static s => s.Client.Certificate is not null)
            .ToDictionary(static s => s.Client.Certificate!, StringComparer.Ordinal);
    }

    /// <summary>Ends those who are not among those that come after these.</summary>
    internal void EndUnless(ServedClients after)
    {
        foreach (Served served in _all.Except(after._all)) { served.Dispose(); }
    }

    /// <summary>
    /// Who asks; null if he shows nothing that is known, or <paramref name="isExpired"/>. A token goes before a certificate, and one that
    /// is wrong is not made good by it.
    /// </summary>
    internal Served? Who(HttpContext http, out bool isExpired)
    {
        isExpired = false;
        string authorization = http.Request.Headers.Authorization.ToString();
        if (authorization.Length > 0)
        {
            const string Begin = Protocol.TokenScheme + " ";
            return authorization.StartsWith(Begin, StringComparison.OrdinalIgnoreCase)
                ? _tokens.GetValueOrDefault(HashOf(authorization[Begin.Length..].Trim())) : null;
        }

        if (http.Connection.ClientCertificate is not { } shown) { return null; }
        isExpired = shown.NotAfter <= _time.GetUtcNow();
        return isExpired ? null : _certificates.GetValueOrDefault(Convert.ToHexStringLower(SHA256.HashData(shown.RawData)));
    }

    // Looked up by the hash: what the look-up's time tells of it tells nothing of a token.
    private static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
