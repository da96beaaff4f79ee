using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Varve.App.Settings.Configuration;
using Varve.Store.Remote;

namespace Varve.App.Serve.Network;

/// <summary>All clients of a configuration, found by what they show. Only hashes of tokens are known. Immutable, thread-safe.</summary>
internal sealed class ServedClients
{
    private readonly Dictionary<string, Served> _tokens, _certificates;

    /// <summary>
    /// Those of a configuration. <paramref name="store"/> gives the store of a repository by its name. Without
    /// <paramref name="checksNames"/> any names are taken, for tests of stores as such.
    /// </summary>
    internal ServedClients(ServerConfig config, Func<string, ServedStore> store, string program, TimeProvider time, bool checksNames = true)
    {
        Served[] all = [.. config.Clients.Select(c => new Served(c, store, program, time, checksNames))];
        _tokens = all.Where(static s => s.Client.Token is not null).ToDictionary(static s => s.Client.Token!, StringComparer.Ordinal);
        _certificates = all.Where(static s => s.Client.Certificate is not null)
            .ToDictionary(static s => s.Client.Certificate!, StringComparer.Ordinal);
    }

    /// <summary>
    /// Who asks; null if he shows nothing that is known. A token goes before a certificate, and one that is wrong is not made good by it.
    /// </summary>
    internal Served? Who(HttpContext http)
    {
        string authorization = http.Request.Headers.Authorization.ToString();
        if (authorization.Length > 0)
        {
            const string Begin = Protocol.TokenScheme + " ";
            return authorization.StartsWith(Begin, StringComparison.OrdinalIgnoreCase)
                ? _tokens.GetValueOrDefault(HashOf(authorization[Begin.Length..].Trim())) : null;
        }

        return http.Connection.ClientCertificate is { } shown
            ? _certificates.GetValueOrDefault(Convert.ToHexStringLower(SHA256.HashData(shown.RawData))) : null;
    }

    // Looked up by the hash: what the look-up's time tells of it tells nothing of a token.
    private static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
