using System.Globalization;
using System.Text;
using Varve.Model;

namespace Varve.S3;

/// <summary>
/// Where a store lies in object storage: <c>s3://BUCKET[/PREFIX][?endpoint=URL&amp;region=NAME&amp;path-style=true&amp;…]</c>. Never has
/// a secret. Immutable.
/// </summary>
internal sealed record S3Address
{
    /// <summary>How such addresses begin.</summary>
    internal const string Scheme = "s3://";

    private const int LongestBucket = 63, ShortestBucket = 3, LongestPrefix = 512; // keys have 1024 bytes, ours up to 200

    private S3Address(string bucket, string prefix) => (Bucket, Prefix) = (bucket, prefix);

    /// <summary>The bucket.</summary>
    internal string Bucket { get; }

    /// <summary>What all keys begin with; empty, or with a slash at its end.</summary>
    internal string Prefix { get; }

    /// <summary>The service; null for the one of AWS.</summary>
    internal Uri? Endpoint { get; private init; }

    /// <summary>The region that requests are signed for; null for the environment's.</summary>
    internal string? Region { get; private init; }

    /// <summary>Whether the bucket stands in the path instead of in the host's name; null for what the service is likely to want.</summary>
    internal bool? PathStyle { get; private init; }

    /// <summary>The storage class of what is put; null for the bucket's.</summary>
    internal string? StorageClass { get; private init; }

    /// <summary>How late listings may be.</summary>
    internal TimeSpan Lateness { get; private init; }

    /// <summary>Whether a text is meant to be such an address.</summary>
    internal static bool IsMeant(string text) => text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads an address, which <see cref="IsMeant"/> to be one.</summary>
    /// <exception cref="VarveException">Usage, with what is wrong; what may be a secret is not in the message.</exception>
    internal static S3Address Parse(string text)
    {
        string rest = text[Scheme.Length..];
        int question = rest.IndexOf('?', StringComparison.Ordinal);
        string place = question < 0 ? rest : rest[..question], query = question < 0 ? "" : rest[(question + 1)..];
        int slash = place.IndexOf('/', StringComparison.Ordinal);
        string bucket = slash < 0 ? place : place[..slash];
        if (bucket.Contains('@', StringComparison.Ordinal))
        {
            throw Wrong(text,
                "has something before an '@': credentials come from the environment or a profile, never from an address");
        }

        if (bucket.Contains(':', StringComparison.Ordinal))
        {
            throw Wrong(text,
                "begins with a host and port: the bucket stands there, and the service behind it, as ?endpoint=https://HOST:PORT");
        }

        bool isBucket = bucket.Length is >= ShortestBucket and <= LongestBucket && char.IsAsciiLetterOrDigit(bucket[0])
            && char.IsAsciiLetterOrDigit(bucket[^1])
            && bucket.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.');
        if (!isBucket) { throw Wrong(text, "has no bucket that could be one: 3 to 63 lower-case letters, digits, dots and hyphens"); }
        var address = new S3Address(bucket, PrefixOf(text, slash < 0 ? "" : place[slash..]));
        foreach (string pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries)) { address = address.With(text, pair); }
        return address;
    }

    /// <summary>The whole key of an object.</summary>
    internal string KeyOf(string key) => Prefix + key;

    /// <summary>The address, the same for all its spellings.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Scheme).Append(Bucket);
        if (Prefix.Length > 0) { text.Append('/').Append(Encode(Prefix.TrimEnd('/'))); }
        char between = '?';
        Add("endpoint", Endpoint?.GetLeftPart(UriPartial.Path).TrimEnd('/'));
        Add("region", Region);
        Add("path-style", PathStyle is { } isPath ? isPath ? "true" : "false" : null);
        Add("storage-class", StorageClass);
        Add("lateness", Lateness > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $"{Lateness.TotalSeconds:0}s") : null);
        return text.ToString();

        void Add(string name, string? value)
        {
            if (value is null) { return; }
            text.Append(between).Append(name).Append('=').Append(value.Replace("%", "%25", StringComparison.Ordinal)
                .Replace("&", "%26", StringComparison.Ordinal));
            between = '&';
        }
    }

    private S3Address With(string text, string pair)
    {
        int equals = pair.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? pair : pair[..equals], value = equals < 0 ? "" : Uri.UnescapeDataString(pair[(equals + 1)..]);
        if (value.Length == 0) { throw Wrong(text, $"has no value for '{name}'"); }
        return name switch
        {
            "endpoint" => this with { Endpoint = EndpointOf(text, value) },
            "region" => this with { Region = value },
            "storage-class" => this with { StorageClass = value },
            "path-style" when bool.TryParse(value, out bool isPath) => this with { PathStyle = isPath },
            "path-style" => throw Wrong(text, "has a path-style that is neither true nor false"),
            "lateness" when int.TryParse(value.TrimEnd('s'), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds)
                => this with { Lateness = TimeSpan.FromSeconds(seconds) },
            "lateness" => throw Wrong(text, "has a lateness that is no number of seconds"),
            _ => throw Wrong(text,
                $"has '{name}' behind the '?', where endpoint, region, path-style, storage-class and lateness can stand"),
        };
    }

    private static Uri EndpointOf(string text, string value)
    {
        if (!value.Contains("://", StringComparison.Ordinal)) { value = "https://" + value; }
        bool isOne = Uri.TryCreate(value, UriKind.Absolute, out Uri? uri) && uri.Scheme is "https" or "http" && uri!.Query.Length == 0;
        if (!isOne || uri is null) { throw Wrong(text, "has an endpoint that is no https:// or http:// address"); }
        return uri.UserInfo.Length == 0 ? uri : throw Wrong(text, "has a secret in its endpoint");
    }

    private static string PrefixOf(string text, string path)
    {
        string prefix = Uri.UnescapeDataString(path).Trim('/');
        if (prefix.Length == 0) { return ""; }
        bool isOne = Encoding.UTF8.GetByteCount(prefix) <= LongestPrefix && !prefix.Any(char.IsControl)
            && prefix.Split('/').All(static p => p is not ("" or "." or ".."));
        return isOne ? prefix + "/" : throw Wrong(text, "has a prefix that is none: names parted by single slashes, without . and ..");
    }

    private static string Encode(string prefix) =>
        string.Join('/', prefix.Split('/').Select(Uri.EscapeDataString));

    private static VarveException Wrong(string text, string what) =>
        new(ErrorKind.Usage, Subject.Request($"'{WithoutSecrets(text)}'"), what, Advice.NameDirectoryPath);

    /// <summary>An address without what stands before an '@', and without the values behind the '?'.</summary>
    private static string WithoutSecrets(string text)
    {
        int question = text.IndexOf('?', StringComparison.Ordinal), at = text.LastIndexOf('@');
        string place = question < 0 ? text : text[..question];
        if (at >= 0 && (question < 0 || at < question)) { place = $"{Scheme}…{text[at..place.Length]}"; }
        if (question < 0) { return place; }
        return place + '?' + string.Join('&', text[(question + 1)..].Split('&').Select(static p => p.Split('=')[0] + "=…"));
    }
}
