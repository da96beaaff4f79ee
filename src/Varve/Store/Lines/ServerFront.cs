using System.Net.Security;

namespace Varve.Store.Lines;

/// <summary>What stands before the store where a server answers, which has many. Immutable.</summary>
/// <param name="Origin">The server.</param>
/// <param name="Prefix">What paths of requests begin with: <c>/NAME</c>.</param>
/// <param name="Token">Goes with each request; null for none.</param>
/// <param name="Tls">How its certificate is checked, and what is shown to it.</param>
/// <param name="Patience">How long a connection may take until TLS is spoken on it.</param>
/// <param name="Distrust">Why the certificate that was shown last is not trusted; null if it is, or none was shown.</param>
internal sealed record ServerFront(Uri Origin, string Prefix, string? Token, SslClientAuthenticationOptions Tls, TimeSpan Patience,
    Func<string?> Distrust)
{
    /// <summary>As text without what is secret.</summary>
    public override string ToString() => Origin + Prefix;
}
