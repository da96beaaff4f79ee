using System.Globalization;
using Varve.Model;

namespace Varve.Store.Lines;

/// <summary>
/// Where a server hands out a repository: <c>https://HOST[:PORT]/NAME</c>. The name is what the server calls it: one or more parts of
/// letters, digits, dots, hyphens and underlines. Never has a secret. Immutable.
/// </summary>
/// <param name="Host">A name, or an IPv6 address without brackets.</param>
/// <param name="Port">The port.</param>
/// <param name="Name">What the server calls the repository.</param>
internal sealed record HttpsAddress(string Host, int Port, string Name)
{
    /// <summary>How such addresses begin.</summary>
    internal const string Scheme = "https://";

    private const int DefaultPort = 443;

    /// <summary>Reads an address that begins with <see cref="Scheme"/>, in whatever case.</summary>
    /// <exception cref="VarveException">Usage, with what is wrong; a secret is not in the message.</exception>
    internal static HttpsAddress Parse(string text)
    {
        string rest = text[Scheme.Length..];
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        string authority = slash < 0 ? rest : rest[..slash];
        if (rest.Contains('@'))
        {
            throw Wrong(text, "has a user or a secret in it: a token lies in a file or in the environment", Advice.GiveToken);
        }

        (string host, int port) = SshAddress.HostOf(text, authority);
        string name = slash < 0 ? "" : rest[(slash + 1)..].TrimEnd('/');
        if (name.Length == 0) { throw Wrong(text, "names no repository behind the host"); }
        if (!IsName(name))
        {
            throw Wrong(text, "names no repository: a name has letters, digits, '.', '-' and '_', and '/' between parts of it");
        }

        return new HttpsAddress(host, port == 0 ? DefaultPort : port, name);
    }

    /// <summary>Whether a server can call a repository so.</summary>
    internal static bool IsName(string name) => name.Split('/').All(static p => p.Length is > 0 and <= 100 && p is not ("." or ".." or "v1")
        && p.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'));

    /// <summary>The host with its port, for messages.</summary>
    internal string Place
    {
        get
        {
            string host = Host.Contains(':') ? $"[{Host}]" : Host;
            return Port == DefaultPort ? host : string.Create(CultureInfo.InvariantCulture, $"{host}:{Port}");
        }
    }

    /// <summary>The address, the same for all spellings of one.</summary>
    public override string ToString() => Scheme + Place + "/" + Name;

    private static VarveException Wrong(string text, string what, Advice advice = Advice.None) =>
        new(ErrorKind.Usage, Subject.Request($"'{Shown(text)}'"), what, advice);

    /// <summary>What may be shown of it: whatever stands before an '@' or behind a '?' may be a secret.</summary>
    private static string Shown(string text)
    {
        int end = text.AsSpan().IndexOfAny('?', '#'), at = text.LastIndexOf('@');
        string rest = at < 0 ? text[Scheme.Length..] : "…" + text[at..];
        return Scheme + (end < 0 ? rest : at > end ? "…" : rest[..rest.AsSpan().IndexOfAny('?', '#')] + "?…");
    }
}
