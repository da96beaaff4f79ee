using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Varve.Keys;
using Varve.Model;
using Varve.Platform.Crypto;

namespace Varve.Tests.Keys;

public sealed class KeySlotTests
{
    private const string Created = "2026-11-22T10:00:00Z";

    private static readonly ScryptParameters Cheap = new(16, 1, 1);
    private static readonly RepositoryId Repository = RepositoryId.Create();
    private static readonly SecretBundle Bundle = SecretBundle.Create(Repository,
        HeaderJson.Encode(RepositoryHeader.Create(Repository, Created)));

    private static KeySlot WithPassword(string password = "correct", string label = "laptop") =>
        KeySlot.CreateWithPassword(Bundle, password, label, Created, Cheap);

    /// <summary>The slot's JSON with one text replaced, under its own right name.</summary>
    private static KeySlot Reparse(KeySlot slot, string what, string by)
    {
        string json = Encoding.UTF8.GetString(slot.Bytes.Span), changed = json.Replace(what, by, StringComparison.Ordinal);
        Assert.NotEqual(json, changed);
        byte[] bytes = Encoding.UTF8.GetBytes(changed);
        return KeySlot.Parse(new ObjectName(SHA256.HashData(bytes)), bytes);
    }

    private static ScryptParameters? Scrypt(KeySlot slot)
    {
        using var json = JsonDocument.Parse(slot.Bytes);
        JsonElement kdf = json.RootElement.GetProperty("kdf");
        return kdf.GetProperty("name").GetString() == "scrypt"
            ? new ScryptParameters(kdf.GetProperty("n").GetUInt64(), kdf.GetProperty("r").GetUInt32(), kdf.GetProperty("p").GetUInt32())
            : null;
    }

    private static ErrorKind KindOf(Action action) => Assert.Throws<VarveException>(action).Kind;

    [Fact]
    public void A_password_opens_its_slot_and_no_other_does()
    {
        KeySlot made = WithPassword(), slot = KeySlot.Parse(made.Name, made.Bytes.Span);
        SecretBundleTests.AssertSame(Bundle, slot.TryOpen("correct")!);
        Assert.Null(slot.TryOpen("Correct"));
        Assert.Null(slot.TryOpen(""));
        Assert.Null(slot.TryOpen(KeyFile.Create()));
        Assert.Equal((Repository, KeyLevel.Full, KeyMethod.Password, "laptop", Created),
            (slot.RepositoryId, slot.Level, slot.Method, slot.Label, slot.Created));
        Assert.Equal(Cheap, Scrypt(slot));
    }

    [Fact]
    public void A_key_file_opens_its_slot_and_no_other_does()
    {
        using KeyFile keyFile = KeyFile.Create(), other = KeyFile.Create();
        using SecretBundle write = Bundle.ToWriteLevel();
        KeySlot made = KeySlot.CreateWithKeyFile(write, keyFile, "server", Created), slot = KeySlot.Parse(made.Name, made.Bytes.Span);
        SecretBundleTests.AssertSame(write, slot.TryOpen(keyFile)!);
        Assert.Null(slot.TryOpen(other));
        Assert.Null(slot.TryOpen("correct"));
        Assert.Equal((KeyLevel.Write, KeyMethod.KeyFile), (slot.Level, slot.Method));
        Assert.Null(Scrypt(slot));
    }

    [Fact]
    public void A_password_is_the_UTF8_bytes_as_typed()
    {
        KeySlot slot = WithPassword("pässwörd ");
        Assert.NotNull(slot.TryOpen("pässwörd "));
        Assert.Null(slot.TryOpen("pässwörd"));
        Assert.Null(slot.TryOpen("pa\u0308sswo\u0308rd "));
        Assert.Equal(ErrorKind.Usage, KindOf(() => slot.TryOpen("\ud800")));
        Assert.Equal(ErrorKind.Usage, KindOf(() => WithPassword("")));
    }

    [Fact]
    public void The_default_costs_what_the_format_shows()
    {
        KeySlot slot = KeySlot.CreateWithPassword(Bundle, "x", "", Created);
        Assert.Equal(new ScryptParameters(65536, 8, 2), Scrypt(slot));
        Assert.NotNull(slot.TryOpen("x"));
    }

    [Fact]
    public void The_bytes_are_those_of_the_format()
    {
        KeySlot slot = WithPassword();
        Assert.Equal(new ObjectName(SHA256.HashData(slot.Bytes.Span)), slot.Name);
        using var json = JsonDocument.Parse(slot.Bytes);
        JsonElement root = json.RootElement;
        Assert.Equal(
            ["slot", "repository", "level", "method", "label", "created", "kdf", "salt", "sealed"],
            root.EnumerateObject().Select(m => m.Name));
        Assert.Equal("""{"name":"scrypt","n":16,"r":1,"p":1}""", root.GetProperty("kdf").GetRawText());

        // Written out again from docs/format.md, 4.
        byte[] key = new byte[32], salt = root.GetProperty("salt").GetBytesFromBase64(),
            text = root.GetProperty("sealed").GetBytesFromBase64();
        LibCrypto.Scrypt("correct"u8, salt, 16, 1, 1, key);
        byte[] aad = Encoding.UTF8.GetBytes($"varve/1 key slot\n{Repository}\nfull\npassword\nlaptop\n{Created}"),
            bundle = new byte[text.Length - 28];
        using var aes = new AesGcm(key, 16);
        aes.Decrypt(text.AsSpan(0, 12), text.AsSpan(12..^16), text.AsSpan(^16..), bundle, aad);
        Assert.Equal(Bundle.Encode(), bundle);
    }

    [Fact]
    public void The_wrapping_key_of_a_key_file_is_that_of_the_format()
    {
        using KeyFile keyFile = KeyFile.Create();
        byte[] secret = Convert.FromBase64String(keyFile.Format().Split('\n').Single(l => l.StartsWith('v'))[12..]), key = new byte[32];
        keyFile.DeriveWrappingKey("salt"u8, key);
        Assert.Equal(HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, "salt"u8.ToArray(), "varve/1 key file"u8.ToArray()), key);
    }

    [Fact]
    public void Two_slots_for_one_password_share_nothing()
    {
        using JsonDocument one = JsonDocument.Parse(WithPassword().Bytes), two = JsonDocument.Parse(WithPassword().Bytes);
        Assert.NotEqual(one.RootElement.GetProperty("salt").GetString(), two.RootElement.GetProperty("salt").GetString());
        Assert.NotEqual(one.RootElement.GetProperty("sealed").GetString(), two.RootElement.GetProperty("sealed").GetString());
    }

    [Fact]
    public void Bytes_that_do_not_hash_to_the_name_are_damage()
    {
        KeySlot slot = WithPassword();
        var random = new Random(1);
        for (int i = 0; i < 500; i++)
        {
            byte[] bytes = slot.Bytes.ToArray();
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            Assert.Equal(ErrorKind.Damaged, KindOf(() => KeySlot.Parse(slot.Name, bytes)));
        }
    }

    [Fact]
    public void What_the_slot_says_of_itself_is_authenticated()
    {
        KeySlot slot = WithPassword();
        Assert.Null(Reparse(slot, "laptop", "Laptop").TryOpen("correct"));
        Assert.Null(Reparse(slot, "2026", "2027").TryOpen("correct"));
        Assert.Null(Reparse(slot, "\"full\"", "\"write\"").TryOpen("correct"));
        Assert.Null(Reparse(slot, Repository.ToString(), RepositoryId.Create().ToString()).TryOpen("correct"));
    }

    [Fact]
    public void A_flipped_bit_in_the_sealed_bundle_opens_nothing()
    {
        KeySlot slot = WithPassword();
        using var json = JsonDocument.Parse(slot.Bytes);
        string base64 = json.RootElement.GetProperty("sealed").GetString()!;
        byte[] text = Convert.FromBase64String(base64);
        for (int bit = 0; bit < text.Length * 8; bit += 5)
        {
            byte[] flipped = [.. text];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            string escaped = Convert.ToBase64String(flipped), stored = base64;
            string raw = Encoding.UTF8.GetString(slot.Bytes.Span);
            Assert.Contains(stored, raw, StringComparison.Ordinal);
            Assert.Null(Reparse(slot, stored, escaped).TryOpen("correct"));
        }
    }

    [Theory]
    [InlineData("\"n\":16", "\"n\":1048577")]
    [InlineData("\"n\":16", "\"n\":16777216")]
    [InlineData("\"n\":16", "\"n\":0")]
    [InlineData("\"n\":16", "\"n\":1")]
    [InlineData("\"n\":16", "\"n\":-16")]
    [InlineData("\"n\":16", "\"n\":4611686018427387904")]
    [InlineData("\"n\":16", "\"n\":65536")]
    [InlineData("\"r\":1", "\"r\":0")]
    [InlineData("\"r\":1", "\"r\":4294967295")]
    [InlineData("\"r\":1", "\"r\":524289")]
    [InlineData("\"p\":1", "\"p\":17")]
    [InlineData("\"p\":1", "\"p\":0")]
    [InlineData("\"salt\":\"", "\"salt\":\"AAAA")]
    [InlineData("\"salt\":\"", "\"salt\":\"!")]
    [InlineData("\"salt\":\"", "\"salt\":\" ")]
    [InlineData("\"sealed\":\"", "\"sealed\":\"\\n")]
    [InlineData("\"label\":\"laptop\"", "\"label\":\"a\\nb\"")]
    [InlineData("\"label\":\"laptop\"", "\"label\":\"a\\u007fb\"")]
    [InlineData("\"label\":\"laptop\"", "\"label\":\"a\\u0085b\"")]
    [InlineData("\"label\":\"laptop\"", "\"label\":7")]
    [InlineData("\"slot\":1", "\"slot\":0")]
    public void Nonsense_in_a_slot_is_damage(string what, string by)
    {
        Assert.Equal(ErrorKind.Damaged, KindOf(() => Reparse(WithPassword(), what, by)));
    }

    [Theory]
    [InlineData("\"slot\":1", "\"slot\":2")]
    [InlineData("\"full\"", "\"half\"")]
    [InlineData("\"password\"", "\"retina\"")]
    [InlineData("\"scrypt\"", "\"argon2id\"")]
    public void What_a_newer_program_may_write_is_unsupported(string what, string by)
    {
        Assert.Equal(ErrorKind.Unsupported, KindOf(() => Reparse(WithPassword(), what, by)));
    }

    [Fact]
    public void A_repository_id_in_capitals_is_damage()
    {
        KeySlot slot = WithPassword();
        string id = Repository.ToString();
        Assert.NotEqual(id, id.ToUpperInvariant());
        Assert.Equal(ErrorKind.Damaged, KindOf(() => Reparse(slot, id, id.ToUpperInvariant())));
    }

    [Fact]
    public void Readers_do_not_ask_what_time_a_slot_was_made()
    {
        Assert.Equal("yesterday", Reparse(WithPassword(), Created, "yesterday").Created);
    }

    [Fact]
    public void The_bounds_of_scrypt_are_those_of_the_format()
    {
        Assert.True(new ScryptParameters(1 << 20, 8, 16).AreAcceptable);
        Assert.True(new ScryptParameters(2, 1_679_360, 1).AreAcceptable);
        Assert.False(new ScryptParameters(2, 1_679_361, 1).AreAcceptable);
        Assert.False(new ScryptParameters(1 << 21, 8, 1).AreAcceptable);
        Assert.False(new ScryptParameters(1 << 20, 9, 1).AreAcceptable);
        Assert.False(new ScryptParameters(1UL << 63, uint.MaxValue, 1).AreAcceptable);
        Assert.Throws<ArgumentOutOfRangeException>(
            () => KeySlot.CreateWithPassword(Bundle, "x", "", Created, new ScryptParameters(1 << 21, 8, 1)));
    }

    [Theory]
    [InlineData(2, 1 << 20, 16)] // 2.5 GiB, of which the table is a tenth
    [InlineData(2, 1 << 22, 1)] // and here two fifths
    [InlineData(1 << 10, 1 << 13, 16)]
    public void A_slot_that_takes_more_than_a_GiB_beside_its_table_is_damaged(ulong n, uint r, uint p)
    {
        Assert.False(new ScryptParameters(n, r, p).AreAcceptable);
        KeySlot slot = WithPassword();
        Assert.Equal(ErrorKind.Damaged, Assert.Throws<VarveException>(
            () => Reparse(slot, "\"n\":16,\"r\":1,\"p\":1", $"\"n\":{n},\"r\":{r},\"p\":{p}")).Kind);
    }

    [Fact]
    public void Labels_that_a_slot_cannot_hold_are_refused()
    {
        foreach (string label in (string[])["a\nb", "\0", "\ud800", new string('x', 1025)])
        {
            Assert.Equal(ErrorKind.Usage, KindOf(() => WithPassword(label: label)));
        }

        KeySlot slot = WithPassword(label: "Schlüssel \"1\" <&> 🔑");
        Assert.Equal("Schlüssel \"1\" <&> 🔑", KeySlot.Parse(slot.Name, slot.Bytes.Span).Label);
        Assert.NotNull(KeySlot.Parse(slot.Name, slot.Bytes.Span).TryOpen("correct"));
    }
}
