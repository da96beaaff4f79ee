using System.Security.Cryptography.X509Certificates;

namespace Varve.Store.Lines;

/// <summary>How whoever asks a server shows who he is, and how he knows the server. Immutable; the certificates are the line's.</summary>
/// <param name="Token">The token; null for none.</param>
/// <param name="Authorities">Who has signed the server's certificate; null for whom this machine trusts.</param>
/// <param name="Certificate">What is shown to the server, with its private key; null for none.</param>
internal sealed record HttpsAccess(string? Token, X509Certificate2Collection? Authorities, X509Certificate2? Certificate)
{
    /// <summary>As text without what is secret.</summary>
    public override string ToString() => nameof(HttpsAccess);
}
