using System.Security.Cryptography;
using System.Text;
using Varve.Format;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Keys;

/// <summary>
/// A key file: 32 random bytes that open a key slot, as text (docs/format.md, 4). Immutable until disposed, which zeroes the secret.
/// </summary>
internal sealed class KeyFile : IDisposable
{
    /// <summary>The longest key file, in bytes.</summary>
    public const int MaxLength = Limits.MaxSmallObject;

    private const int SecretSize = SealLayout.KeyLength;
    private const string Prefix = "varve-key-";
    private const string Version = "1";

    private readonly byte[] _secret;

    private KeyFile(byte[] secret) => _secret = secret;

    /// <summary>A new random key.</summary>
    public static KeyFile Create() => new(RandomNumberGenerator.GetBytes(SecretSize));

    /// <summary>Reads the text of a key file. <paramref name="path"/> is where it comes from, if that is a file.</summary>
    /// <exception cref="VarveException">WrongKey: not a key file. Unsupported: one of a newer version.</exception>
    public static KeyFile Parse(string text, string path = "")
    {
        string? key = null;
        foreach (ReadOnlySpan<char> raw in text.AsSpan().EnumerateLines())
        {
            ReadOnlySpan<char> line = raw.Trim();
            if (line.IsEmpty || line[0] == '#') { continue; }

            key = key is null ? line.ToString() : throw NotAKeyFile(path, "it has more than one line that is no comment");
        }

        if (key is null) { throw NotAKeyFile(path, "it has no line that is no comment"); }

        int space = key.IndexOf(' ', StringComparison.Ordinal);
        if (!key.StartsWith(Prefix, StringComparison.Ordinal) || space < 0)
        {
            throw NotAKeyFile(path, $"its line does not start with '{Prefix}{Version} '");
        }

        if (key[Prefix.Length..space] != Version)
        {
            throw new VarveException(ErrorKind.Unsupported, Subject.KeyFile(path), "has a version that this program does not know",
                Advice.Upgrade);
        }

        var secret = new byte[SecretSize];
        return Convert.TryFromBase64String(key[(space + 1)..], secret, out int length) && length == SecretSize
            ? new KeyFile(secret)
            : throw NotAKeyFile(path, "its key is not 32 bytes in base64");
    }

    /// <summary>Reads a key file.</summary>
    /// <exception cref="VarveException">NotFound, Storage: it cannot be read; else as <see cref="Parse"/>.</exception>
    public static KeyFile Load(string path)
    {
        var buffer = new byte[MaxLength + 1];
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            int length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return length <= MaxLength
                ? Parse(Encoding.UTF8.GetString(buffer, 0, length), path)
                : throw NotAKeyFile(path, $"it is longer than {MaxLength} bytes");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new VarveException(ErrorKind.NotFound, Subject.KeyFile(path), "does not exist", Advice.CheckPath, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VarveException(ErrorKind.Storage, Subject.KeyFile(path), $"cannot be read: {e.Message}", Advice.CheckPermissions, e);
        }
        finally { CryptographicOperations.ZeroMemory(buffer); }
    }

    /// <summary>
    /// Writes the key file, readable by its owner only; file and name are durable when this returns. Never overwrites; leaves nothing
    /// behind when it fails.
    /// </summary>
    /// <exception cref="VarveException">Usage: something is at that path. Storage: it cannot be written.</exception>
    public void Save(string path)
    {
        byte[] name = Encoding.UTF8.GetBytes(Path.GetFullPath(path)), text = Encoding.ASCII.GetBytes(Format());
        int flags = Posix.O_WRONLY | Posix.O_CREAT | Posix.O_EXCL | Posix.O_NOFOLLOW;
        int errno = Posix.OpenAt(Posix.AT_FDCWD, name, flags, Modes.PrivateFile, out SafeFd file);
        if (errno == Errno.EEXIST)
        {
            throw new VarveException(ErrorKind.Usage, Subject.KeyFile(path), "is there already, and none is overwritten",
                Advice.ChooseOtherPath);
        }

        if (errno == 0)
        {
            errno = Posix.WriteAll(file.Value, text);
            if (errno == 0) { errno = Posix.Sync(file.Value); }
            file.Close();
            if (errno == 0)
            {
                errno = DurableFile.SyncDirectory(Posix.AT_FDCWD, name.AsSpan(0, Math.Max(1, name.AsSpan().LastIndexOf((byte)'/'))));
            }
            if (errno != 0) { _ = Posix.UnlinkAt(Posix.AT_FDCWD, name); }
        }

        CryptographicOperations.ZeroMemory(text);
        if (errno != 0)
        {
            throw new VarveException(ErrorKind.Storage, Subject.KeyFile(path), $"cannot be written: {Errno.Message(errno)}",
                Advice.CheckDirectory);
        }
    }

    /// <summary>The text of the file, ASCII.</summary>
    public string Format() =>
        $"""
         # A Varve key file. Whoever has it opens the repository as its password does:
         # keep it secret, and keep a copy where you find it when this machine is gone.
         # If it is lost and no password or other key file is left, the backups cannot be read.
         {Prefix}{Version} {Convert.ToBase64String(_secret)}

         """;

    /// <summary>Zeroes the secret.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(_secret);

    /// <summary>The key that wraps a slot's bundle.</summary>
    internal void DeriveWrappingKey(ReadOnlySpan<byte> salt, Span<byte> key) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _secret, key, salt, "varve/1 key file"u8);

    private static VarveException NotAKeyFile(string path, string why) =>
        new(ErrorKind.WrongKey, Subject.KeyFile(path), $"is not a key file: {why}", Advice.GiveWrittenKeyFile);
}
