using System.Globalization;
using System.Net;

namespace Varve.App.Settings.Daemon;

/// <summary>Values that say where something is in a network, or who is there.</summary>
internal static class Networks
{
    private const string HashBegin = "sha256:";
    private const int HashDigits = 64;

    /// <summary>Where to listen: <c>ADDRESS:PORT</c>, or <c>:PORT</c> for all addresses of this machine.</summary>
    internal static IPEndPoint Listening(string text, string origin)
    {
        if (text.StartsWith(':') && ushort.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
        {
            return new IPEndPoint(IPAddress.IPv6Any, port);
        }

        // Without a port the library takes the last part of an IPv6 address for one, or 0.
        bool hasPort = text.StartsWith('[') ? text.Contains("]:", StringComparison.Ordinal) : text.Count(static c => c == ':') == 1;
        return hasPort && IPEndPoint.TryParse(text, out IPEndPoint? found) ? found
            : throw new VarveException(ErrorKind.Usage, Subject.Request(origin),
            $"wants an address of this machine and a port, 192.0.2.1:8443 or [::1]:8443, or :8443 for all addresses, not '{text}'");
    }

    /// <summary>A hash as it stands in a configuration: <c>sha256:</c> and 64 hexadecimal digits.</summary>
    internal static string Hash(string text, string origin)
    {
        string digits = text.StartsWith(HashBegin, StringComparison.Ordinal) ? text[HashBegin.Length..].ToLowerInvariant() : "";
        return digits.Length == HashDigits && digits.All(char.IsAsciiHexDigit) ? digits
            : throw new VarveException(ErrorKind.Usage, Subject.Request(origin), "wants sha256: and 64 hexadecimal digits behind it");
    }

    /// <summary>A hash as <see cref="Hash"/> reads it.</summary>
    internal static string HashText(ReadOnlySpan<byte> hash) => HashBegin + Convert.ToHexStringLower(hash);
}
