using System.Buffers;
using System.Text;
using System.Text.Json;
using Varve.Format;
using Varve.Model;

namespace Varve.Keys;

/// <summary>
/// A key slot's members and their JSON (docs/format.md, 4). Immutable; the arrays are not to be changed after <see cref="Encode"/>.
/// </summary>
internal sealed record KeySlotJson(
    RepositoryId RepositoryId, KeyLevel Level, KeyMethod Method, string Label, string Created, ScryptParameters Scrypt, byte[] Salt,
    byte[] Sealed)
{
    internal const int SaltSize = SealLayout.SaltLength;

    private const int Version = 1, MinSealed = 12 + 16;
    internal const string PasswordMethod = "password";

    private const string WriteLevel = "write", FullLevel = "full", KeyFileMethod = "keyfile",
        Scrypt7914 = "scrypt", Hkdf = "hkdf-sha256";

    private string LevelName => Level == KeyLevel.Full ? FullLevel : WriteLevel;

    /// <summary>The method as it stands in the slot.</summary>
    internal string MethodName => Method == KeyMethod.Password ? PasswordMethod : KeyFileMethod;

    /// <summary>What is authenticated with the bundle. Unambiguous because no part holds a line feed.</summary>
    internal byte[] Aad() => Encoding.UTF8.GetBytes($"varve/1 key slot\n{RepositoryId}\n{LevelName}\n{MethodName}\n{Label}\n{Created}");

    /// <exception cref="VarveException">Usage: the label or the time is too long, has control characters or is not valid
    /// Unicode.</exception>
    internal void CheckTexts()
    {
        foreach (string text in (ReadOnlySpan<string>)[Label, Created])
        {
            if (text.Length > JsonMembers.MaxText || text.Any(char.IsControl)
                || Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) != text)
            {
                throw new VarveException(ErrorKind.Usage, Subject.Request("a key's label"), "is one line of at most 1024 characters",
                    Advice.ChooseLabel);
            }
        }
    }

    internal byte[] Encode()
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("slot", Version);
            json.WriteString("repository", RepositoryId.ToString());
            json.WriteString("level", LevelName);
            json.WriteString("method", MethodName);
            json.WriteString("label", Label);
            json.WriteString("created", Created);
            json.WriteStartObject("kdf");
            json.WriteString("name", Method == KeyMethod.Password ? Scrypt7914 : Hkdf);
            if (Method == KeyMethod.Password)
            {
                json.WriteNumber("n", Scrypt.N);
                json.WriteNumber("r", Scrypt.R);
                json.WriteNumber("p", Scrypt.P);
            }

            json.WriteEndObject();
            json.WriteBase64String("salt", Salt);
            json.WriteBase64String("sealed", Sealed);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <exception cref="VarveException">Damaged, or Unsupported for versions, methods and levels that this program does not
    /// know.</exception>
    internal static KeySlotJson Decode(ReadOnlySpan<byte> bytes)
    {
        JsonMembers json = JsonMembers.Parse(bytes, KeySlot.MaxLength, Subject.None);
        if (json.Integer("slot", 1, int.MaxValue) > Version) { throw Unknown("version"); }

        KeyLevel level = json.Text("level") switch
        {
            WriteLevel => KeyLevel.Write,
            FullLevel => KeyLevel.Full,
            _ => throw Unknown("level"),
        };
        KeyMethod method = json.Text("method") switch
        {
            PasswordMethod => KeyMethod.Password,
            KeyFileMethod => KeyMethod.KeyFile,
            _ => throw Unknown("method"),
        };
        JsonMembers kdf = json.Object("kdf");
        if (kdf.Text("name") != (method == KeyMethod.Password ? Scrypt7914 : Hkdf)) { throw Unknown("key derivation"); }

        return new KeySlotJson(
            json.Repository("repository"),
            level,
            method,
            json.Text("label"),
            json.Text("created"),
            method == KeyMethod.Password ? DecodeScrypt(kdf) : default,
            json.Base64("salt", SaltSize, SaltSize),
            json.Base64("sealed", MinSealed, KeySlot.MaxLength));
    }

    private static ScryptParameters DecodeScrypt(JsonMembers kdf)
    {
        var scrypt = new ScryptParameters(
            (ulong)kdf.Integer("n", 2, long.MaxValue), (uint)kdf.Integer("r", 1, uint.MaxValue), (uint)kdf.Integer("p", 1, uint.MaxValue));
        return scrypt.AreAcceptable ? scrypt : throw kdf.Nonsense("kdf");
    }

    private static VarveException Unknown(string what) =>
        new(ErrorKind.Unsupported, Subject.None, $"has a {what} that this program does not know", Advice.UpgradeOrOtherKey);
}
