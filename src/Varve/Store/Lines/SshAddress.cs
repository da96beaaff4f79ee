using System.Globalization;
using System.Text;
using Varve.Model;

namespace Varve.Store.Lines;

/// <summary>
/// Where a store lies that ssh leads to: <c>ssh://[USER@]HOST[:PORT]/PATH</c> where Varve serves it, <c>sftp://</c> where any server of
/// SFTP does. Names are bytes: what is no plain character stands as <c>%XX</c>. A path that begins with <c>/~/</c> lies in the home
/// directory there. Never has a password. Immutable.
/// </summary>
/// <param name="User">The login name; null for the one that ssh takes.</param>
/// <param name="Host">A name, or an IPv6 address without brackets.</param>
/// <param name="Port">The port; 0 for the one that ssh takes.</param>
/// <param name="Path">As Latin-1: a character for each byte.</param>
/// <param name="IsSftp">Whether SFTP is spoken there.</param>
internal sealed record SshAddress(string? User, string Host, int Port, string Path, bool IsSftp)
{
    /// <summary>How such addresses begin.</summary>
    internal const string Scheme = "ssh://", SftpScheme = "sftp://";

    private const string Plain = "-._~/+,=:@";

    /// <summary>Whether a text is meant to be such an address.</summary>
    internal static bool IsMeant(string text) => text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        || text.StartsWith(SftpScheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads an address, which <see cref="IsMeant"/> to be one.</summary>
    /// <exception cref="VarveException">Usage, with what is wrong; a password is not in the message.</exception>
    internal static SshAddress Parse(string text)
    {
        bool isSftp = text.StartsWith(SftpScheme, StringComparison.OrdinalIgnoreCase);
        string rest = text[(isSftp ? SftpScheme : Scheme).Length..];
        int slash = rest.IndexOf('/', StringComparison.Ordinal), at = rest.LastIndexOf('@');
        if (at >= 0 && (slash < 0 || rest.AsSpan(0, slash).Contains(':') || at < slash) && rest.AsSpan(0, at).Contains(':'))
        {
            // Whatever its characters are, it is not taken for a host or a path.
            if (slash < 0 || at < slash || rest.IndexOf('@', StringComparison.Ordinal) == at)
            {
                throw Wrong(text, "has a password in it: ssh has keys and agents for that", Advice.None);
            }
        }

        if (slash < 0) { throw Wrong(text, "has no path behind the host"); }
        string authority = rest[..slash];
        at = authority.LastIndexOf('@');
        string? user = at < 0 ? null : Decode(text, authority[..at], "the user");
        if (user is not null && (user.Length == 0 || user[0] == '-' || user.Any(static c => c <= ' ' || c >= 127)))
        {
            throw Wrong(text, "has no user before the '@' that could log in");
        }

        (string host, int port) = HostOf(text, authority[(at + 1)..]);
        if (rest.AsSpan(slash).ContainsAny('?', '#')) { throw Wrong(text, "has a '?' or '#', which a path has as %3F or %23"); }
        string path = Decode(text, rest[slash..], "the path").TrimEnd('/');
        if (path.Length == 0 || path == "/~") { throw Wrong(text, "names no directory behind the host"); }
        return new SshAddress(user, host, port, path, isSftp);
    }

    /// <summary>An address as it may be printed: what may be a password is left out.</summary>
    internal static string WithoutSecrets(string text)
    {
        int begin = text.IndexOf("://", StringComparison.Ordinal), at = text.LastIndexOf('@');
        if (begin < 0 || at < begin + 3) { return text; }
        return text.AsSpan(begin + 3, at - begin - 3).Contains(':') ? text[..(begin + 3)] + "…" + text[at..] : text;
    }

    /// <summary>The path as a server of SFTP takes it, which begins in the home directory: bytes.</summary>
    internal byte[] ServedPath => Encoding.Latin1.GetBytes(Path.StartsWith("/~/", StringComparison.Ordinal) ? Path[3..] : Path);

    /// <summary>The path as the other side's shell hands it to a program: in single quotes.</summary>
    internal string QuotedPath
    {
        get
        {
            string path = Path.StartsWith("/~/", StringComparison.Ordinal) ? "./" + Path[3..] : Path;
            return "'" + path.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
        }
    }

    /// <summary>The host with its user and port, for messages.</summary>
    internal string Place
    {
        get
        {
            string host = Host.Contains(':') ? $"[{Host}]" : Host;
            return (User is null ? "" : Encode(User) + "@") + host
                + (Port == 0 ? "" : ":" + Port.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>The address, the same for all spellings of one.</summary>
    public override string ToString() => (IsSftp ? SftpScheme : Scheme) + Place + Encode(Path);

    /// <summary>Host and port of an address; the port is 0 if it has none.</summary>
    internal static (string Host, int Port) HostOf(string text, string authority)
    {
        string host = authority, port = "";
        if (authority.StartsWith('['))
        {
            int end = authority.IndexOf(']', StringComparison.Ordinal);
            if (end < 0) { throw Wrong(text, "has a '[' before the host, and no ']' behind it"); }
            host = authority[1..end];
            port = authority[(end + 1)..];
            if (!host.Contains(':') || !host.All(static c => char.IsAsciiLetterOrDigit(c) || ":.%_-".Contains(c)))
            {
                throw Wrong(text, "has no IPv6 address between the brackets");
            }

            if (port.Length > 0 && port[0] != ':') { throw Wrong(text, "has something behind the ']' that is no port"); }
        }
        else
        {
            int colon = authority.IndexOf(':', StringComparison.Ordinal);
            if (colon != authority.LastIndexOf(':')) { throw Wrong(text, "has an IPv6 address that is not in brackets"); }
            if (colon >= 0) { (host, port) = (authority[..colon], authority[colon..]); }
            host = host.ToLowerInvariant();
            if (host.Length == 0) { throw Wrong(text, "has no host"); }
            if (host[0] is '-' or '.' || !host.All(static c => char.IsAsciiLetterOrDigit(c) || "-._".Contains(c)))
            {
                throw Wrong(text, "has no host that could be one");
            }
        }

        if (port.Length == 0) { return (host, 0); }
        return ushort.TryParse(port.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort number) && number > 0
            ? (host, number) : throw Wrong(text, "has a port that is no number from 1 to 65535");
    }

    private static string Decode(string text, string part, string what)
    {
        var bytes = new List<byte>();
        byte[] encoded = Encoding.UTF8.GetBytes(part);
        for (int i = 0; i < encoded.Length; i++)
        {
            byte value = encoded[i];
            if (value == '%')
            {
                if (i + 2 >= encoded.Length || !char.IsAsciiHexDigit((char)encoded[i + 1]) || !char.IsAsciiHexDigit((char)encoded[i + 2]))
                {
                    throw Wrong(text, $"has a '%' in {what} without two hexadecimal digits behind it");
                }

                value = (byte)Convert.ToInt32(Encoding.ASCII.GetString(encoded, i + 1, 2), 16);
                i += 2;
            }

            if (value == 0) { throw Wrong(text, $"has a zero byte in {what}"); }
            bytes.Add(value);
        }

        return Encoding.Latin1.GetString([.. bytes]);
    }

    private static string Encode(string latin1) => string.Concat(latin1.Select(static c =>
        char.IsAsciiLetterOrDigit(c) || Plain.Contains(c) ? c.ToString() : "%" + ((int)c).ToString("X2", CultureInfo.InvariantCulture)));

    private static VarveException Wrong(string text, string what, Advice advice = Advice.NameDirectoryPath) =>
        new(ErrorKind.Usage, Subject.Request($"'{WithoutSecrets(text)}'"), what, advice);
}
