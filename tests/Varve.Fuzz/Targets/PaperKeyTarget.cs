using System.Security.Cryptography;
using System.Text;
using Varve.Keys;
using Varve.Model;

namespace Varve.Fuzz.Targets;

/// <summary>Paper keys: as text, and, where that is none, as bytes whose checksum is right.</summary>
internal sealed class PaperKeyTarget : IFuzzTarget
{
    private const int Check = 6;

    public string Name => "paperkey";

    public IReadOnlyList<byte[]> Words { get; } =
        ["varve-paper-1\n"u8.ToArray(), "VARVE-PAPER-1:"u8.ToArray(), " 1: "u8.ToArray(), "\r\n"u8.ToArray(), "-"u8.ToArray()];

    public IEnumerable<byte[]> Seeds()
    {
        var id = new RepositoryId(1, 2);
        SecretBundle bundle = SecretBundle.Create(id, HeaderJson.Encode(RepositoryHeader.Create(id, "2026-11-30T06:00:00Z")));
        foreach (SecretBundle one in (SecretBundle[])[bundle, bundle.ToWriteLevel()])
        {
            using PaperKey key = PaperKey.Of(one);
            yield return Encoding.ASCII.GetBytes(key.Code);
            yield return Encoding.ASCII.GetBytes("varve-paper-1\n" + string.Join('\n', key.Lines));
            string digits = key.Code[(key.Code.IndexOf(':', StringComparison.Ordinal) + 1)..];
            var bytes = new byte[digits.Length * 5 / 8];
            _ = PaperDigits.TryRead(digits, bytes);
            yield return bytes[..^Check];
        }
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        PaperKey key;
        try { key = PaperKey.Parse(Encoding.UTF8.GetString(input)); }
        catch (VarveException) when (input.Length > 15)
        {
            byte[] check = SHA256.HashData([.. "varve/1 paper key"u8, .. input]);
            key = PaperKey.Decode([.. input, .. check.AsSpan(0, Check)]);
        }

        using (key)
        {
            using PaperKey again = PaperKey.Parse(string.Join('\n', key.Lines));
            Same.Require(again.Code == key.Code && PaperKey.Parse(key.Code).Lines.SequenceEqual(key.Lines), "a paper key");
            using SecretBundle bundle = key.ToBundle();
            Same.Require(bundle.Encode(), PaperKey.Of(bundle).ToBundle().Encode(), "a paper key's bundle");
        }
    }
}
