using System.Security.Cryptography;
using System.Text;
using Varve.Format;
using Varve.Model;
using Varve.Platform.Crypto;

namespace Varve.Keys;

/// <summary>
/// A key slot: a secret bundle wrapped under a password or a key file (docs/format.md, 4). Whoever opens one slot has the bundle;
/// slots do not know each other. Immutable, thread-safe; opening with a password takes as long and as much memory as its
/// <see cref="ScryptParameters"/> says, at most 1 GiB.
/// </summary>
internal sealed class KeySlot
{
    /// <summary>The longest slot, in bytes.</summary>
    public const int MaxLength = Limits.MaxSmallObject;

    private const int KeySize = SealLayout.KeyLength, NonceSize = SealLayout.NonceLength, TagSize = SealLayout.TagLength;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly KeySlotJson _json;

    private KeySlot(ObjectName name, byte[] bytes, KeySlotJson json)
    {
        Name = name;
        Bytes = bytes;
        _json = json;
    }

    /// <summary>The SHA-256 of <see cref="Bytes"/>.</summary>
    public ObjectName Name { get; }

    /// <summary>The object as stored.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Whose secrets it holds.</summary>
    public RepositoryId RepositoryId => _json.RepositoryId;

    /// <summary>What it allows.</summary>
    public KeyLevel Level => _json.Level;

    /// <summary>What opens it.</summary>
    public KeyMethod Method => _json.Method;

    /// <inheritdoc cref="KeySlotJson.MethodName"/>
    public string MethodName => _json.MethodName;

    /// <summary>Its owner's name for it.</summary>
    public string Label => _json.Label;

    /// <summary>How long it takes to try, to others; nothing for a key file.</summary>
    public ulong Cost => Method == KeyMethod.Password ? _json.Scrypt.Work : 0;

    /// <summary>When it was made, RFC 3339 UTC.</summary>
    public string Created => _json.Created;

    /// <summary>Wraps a bundle, at its level, under a password. <paramref name="created"/> is RFC 3339 UTC.</summary>
    /// <exception cref="VarveException">Usage: empty password, one that is not valid Unicode, or a label or time that a slot cannot hold.
    /// Unsupported: libcrypto is missing.</exception>
    public static KeySlot CreateWithPassword(
        SecretBundle bundle, string password, string label, string created, ScryptParameters? parameters = null) =>
        CreateWithPassword(bundle, password, label, created, parameters, SlotRandomness.Fresh());

    /// <summary>The same with given random bytes, which must never serve twice.</summary>
    internal static KeySlot CreateWithPassword(
        SecretBundle bundle, string password, string label, string created, ScryptParameters? parameters, SlotRandomness randomness)
    {
        if (password.Length == 0)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request("the password"), "is empty", Advice.ChoosePassword);
        }

        ScryptParameters scrypt = parameters ?? ScryptParameters.Default;
        if (!scrypt.AreAcceptable) { throw new ArgumentOutOfRangeException(nameof(parameters), scrypt, "beyond what readers accept"); }

        return Create(bundle, KeyMethod.Password, scrypt, label, created, randomness,
            (salt, key) => DeriveKey(password, salt, scrypt, key));
    }

    /// <summary>Wraps a bundle, at its level, under a key file. <paramref name="created"/> is RFC 3339 UTC.</summary>
    /// <exception cref="VarveException">Usage: a label or time that a slot cannot hold.</exception>
    public static KeySlot CreateWithKeyFile(SecretBundle bundle, KeyFile keyFile, string label, string created) =>
        CreateWithKeyFile(bundle, keyFile, label, created, SlotRandomness.Fresh());

    /// <summary>The same with given random bytes, which must never serve twice.</summary>
    internal static KeySlot CreateWithKeyFile(
        SecretBundle bundle, KeyFile keyFile, string label, string created, SlotRandomness randomness) =>
        Create(bundle, KeyMethod.KeyFile, default, label, created, randomness, keyFile.DeriveWrappingKey);

    /// <summary>Reads a slot.</summary>
    /// <exception cref="VarveException">Without a name. Damaged: the bytes do not hash to the name, or make no sense. Unsupported: a method
    /// or level that this program does not know.</exception>
    public static KeySlot Parse(ObjectName name, ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        if (new ObjectName(hash) != name) { throw VarveException.Damaged(Subject.None, "its bytes do not hash to its name"); }

        return new KeySlot(name, bytes.ToArray(), KeySlotJson.Decode(bytes));
    }

    /// <summary>The bundle, or null if this is not the slot's password or the slot is for a key file.</summary>
    /// <exception cref="VarveException">Without a name. Damaged: the bundle makes no sense. Unsupported: libcrypto is missing. Usage: the
    /// password is not valid Unicode.</exception>
    public SecretBundle? TryOpen(string password) =>
        Method == KeyMethod.Password ? Open((salt, key) => DeriveKey(password, salt, _json.Scrypt, key)) : null;

    /// <summary>The bundle, or null if this is not the slot's key file or the slot is for a password.</summary>
    /// <exception cref="VarveException">Without a name. Damaged: the bundle makes no sense.</exception>
    public SecretBundle? TryOpen(KeyFile keyFile) => Method == KeyMethod.KeyFile ? Open(keyFile.DeriveWrappingKey) : null;

    private delegate void KeyDerivation(ReadOnlySpan<byte> salt, Span<byte> key);

    private static KeySlot Create(
        SecretBundle bundle,
        KeyMethod method,
        ScryptParameters scrypt,
        string label,
        string created,
        SlotRandomness randomness,
        KeyDerivation derive)
    {
        byte[] salt = randomness.Salt;
        byte[] plaintext = bundle.Encode();
        var sealedBundle = new byte[NonceSize + plaintext.Length + TagSize];
        var json = new KeySlotJson(bundle.RepositoryId, bundle.Level, method, label, created, scrypt, salt, sealedBundle);
        json.CheckTexts();

        Span<byte> key = stackalloc byte[KeySize];
        derive(salt, key);
        randomness.Nonce.CopyTo(sealedBundle, 0);
        using (var aes = new AesGcm(key, TagSize))
        {
            aes.Encrypt(
                sealedBundle.AsSpan(0, NonceSize), plaintext, sealedBundle.AsSpan(NonceSize, plaintext.Length),
                sealedBundle.AsSpan(^TagSize..), json.Aad());
        }

        CryptographicOperations.ZeroMemory(key);
        CryptographicOperations.ZeroMemory(plaintext);
        byte[] bytes = json.Encode();
        return bytes.Length <= MaxLength
            ? new KeySlot(new ObjectName(SHA256.HashData(bytes)), bytes, json)
            : throw new VarveException(ErrorKind.Usage, Subject.Request("the key slot"),
            $"would have {bytes.Length} bytes, more than {MaxLength}");
    }

    private SecretBundle? Open(KeyDerivation derive)
    {
        Span<byte> key = stackalloc byte[KeySize];
        derive(_json.Salt, key);
        ReadOnlySpan<byte> sealedBundle = _json.Sealed;
        var plaintext = new byte[sealedBundle.Length - NonceSize - TagSize];
        try
        {
            using var aes = new AesGcm(key, TagSize);
            aes.Decrypt(sealedBundle[..NonceSize], sealedBundle[NonceSize..^TagSize], sealedBundle[^TagSize..], plaintext, _json.Aad());
            SecretBundle bundle = SecretBundle.Decode(plaintext);
            return bundle.Level == Level && bundle.RepositoryId == RepositoryId
                ? bundle
                : throw VarveException.Damaged(Subject.None, "it holds another bundle than it says");
        }
        catch (AuthenticationTagMismatchException) { return null; }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(plaintext);
        }
    }

    private static void DeriveKey(string password, ReadOnlySpan<byte> salt, ScryptParameters scrypt, Span<byte> key)
    {
        byte[] bytes;
        try { bytes = StrictUtf8.GetBytes(password); }
        catch (EncoderFallbackException)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request("the password"), "is not valid Unicode text");
        }

        LibCrypto.Scrypt(bytes, salt, scrypt.N, scrypt.R, scrypt.P, key);
        CryptographicOperations.ZeroMemory(bytes);
    }
}
