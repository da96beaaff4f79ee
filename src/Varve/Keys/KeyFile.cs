using System.Security.Cryptography;
using System.Text;
using Varve.Format;
using Varve.Model;

namespace Varve.Keys;

/// <summary>
/// A key file: 32 random bytes that open a key slot, as text (docs/format.md, 4). Immutable until disposed, which zeroes the secret.
/// </summary>
internal sealed class KeyFile : IDisposable
{
    private const int SecretSize = SealLayout.KeyLength;
    private const string Prefix = "varve-key-";
    private const string Version = "1";

    private readonly byte[] _secret;

    private KeyFile(byte[] secret) => _secret = secret;

    /// <summary>A new random key, which may say what it was made for.</summary>
    public static KeyFile Create(KeyFileOrigin? origin = null) => new(RandomNumberGenerator.GetBytes(SecretSize)) { Origin = origin };

    /// <summary>Which repository it was made for; null if its text does not say.</summary>
    public KeyFileOrigin? Origin { get; private init; }

    /// <summary>Reads the text of a key file. <paramref name="path"/> is where it comes from, if that is a file.</summary>
    /// <exception cref="VarveException">WrongKey: not a key file. Unsupported: one of a newer version.</exception>
    public static KeyFile Parse(string text, string path = "")
    {
        string? key = null;
        KeyFileOrigin? origin = null;
        foreach (Range range in text.AsSpan().Split('\n'))
        {
            ReadOnlySpan<char> line = text.AsSpan()[range];
            bool hasEnd = range.End.GetOffset(text.Length) < text.Length;
            if (hasEnd && line.EndsWith('\r')) { line = line[..^1]; }
            line = line.Trim(" \t");
            if (line.IsEmpty || line[0] == '#')
            {
                origin ??= KeyFileOrigin.Parse(line);
                continue;
            }

            key = key is null ? line.ToString() : throw NotAKeyFile(path, "it has more than one line that is no comment");
        }

        if (key is null) { throw NotAKeyFile(path, "it has no line that is no comment"); }

        int space = key.IndexOf(' ', StringComparison.Ordinal);
        if (!key.StartsWith(Prefix, StringComparison.Ordinal) || space < 0)
        {
            throw NotAKeyFile(path, $"its line does not start with '{Prefix}{Version} '");
        }

        ReadOnlySpan<char> version = key.AsSpan()[Prefix.Length..space];
        if (version is not Version && !version.IsEmpty && !version.ContainsAnyExceptInRange('0', '9'))
        {
            throw new VarveException(ErrorKind.Unsupported, Subject.KeyFile(path), "has a version that this program does not know",
                Advice.Upgrade);
        }

        if (version is not Version) { throw NotAKeyFile(path, $"its line does not start with '{Prefix}{Version} '"); }
        return PlainBase64.TryDecode(key[(space + 1)..], out byte[] secret) && secret.Length == SecretSize
            ? new KeyFile(secret) { Origin = origin }
            : throw NotAKeyFile(path, "its key is not 32 bytes in base64");
    }

    /// <summary>
    /// Reads a key file. <paramref name="warn"/> hears that it is no secret. With <paramref name="sync"/> it is durable when this returns,
    /// whoever wrote it: something is about to need it.
    /// </summary>
    /// <exception cref="VarveException">WrongKey: it does not exist. Storage: it cannot be read, or others could change it; else as
    /// <see cref="Parse"/>.</exception>
    public static KeyFile Load(string path, Action<Notice>? warn = null, bool sync = false) =>
        Parse(SecretFile.Read(path, Subject.KeyFile(path), warn, sync, why => NotAKeyFile(path, why)), path);

    /// <summary>
    /// Writes the key file, readable by its owner only, in a directory that is there; file and name are durable when this returns. Never
    /// overwrites; leaves nothing behind when it fails.
    /// </summary>
    /// <exception cref="VarveException">Usage: something is at that path. Storage: it cannot be written, or others could put another in
    /// its place.</exception>
    public void Save(string path) => SecretFile.Write(path, Subject.KeyFile(path), Encoding.UTF8.GetBytes(Format()));

    /// <summary>The text of the file; ASCII, unless the place that it was made for is not.</summary>
    public string Format() =>
        $"""
         # A Varve key file. Whoever has it opens the repository as its password does:
         # keep it secret, and keep a copy where you find it when this machine is gone.
         # If it is lost and no password or other key file is left, the backups cannot be read.
         {(Origin?.Line is { } line ? line + "\n" : "")}{Prefix}{Version} {Convert.ToBase64String(_secret)}

         """;

    /// <summary>Zeroes the secret.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(_secret);

    /// <summary>The key that wraps a slot's bundle.</summary>
    internal void DeriveWrappingKey(ReadOnlySpan<byte> salt, Span<byte> key) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _secret, key, salt, "varve/1 key file"u8);

    private static VarveException NotAKeyFile(string path, string why) =>
        new(ErrorKind.WrongKey, Subject.KeyFile(path), $"is not a key file: {why}", Advice.GiveWrittenKeyFile);
}
