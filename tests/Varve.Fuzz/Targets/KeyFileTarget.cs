using System.Text;
using Varve.Keys;

namespace Varve.Fuzz.Targets;

/// <summary>Key files.</summary>
internal sealed class KeyFileTarget : IFuzzTarget
{
    public string Name => "keyfile";

    public IReadOnlyList<byte[]> Words { get; } =
        ["varve-key-1 "u8.ToArray(), "\r\n"u8.ToArray(), "# "u8.ToArray(), "\u0085"u8.ToArray(), "=="u8.ToArray()];

    public IEnumerable<byte[]> Seeds()
    {
        yield return "# a comment\nvarve-key-1 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"u8.ToArray();
        yield return "varve-key-2 AAAA"u8.ToArray();
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        using var key = KeyFile.Parse(Encoding.UTF8.GetString(input));
        string written = key.Format();
        using var again = KeyFile.Parse(written);
        Same.Require(again.Format() == written, "a key file is another once written and read again");
    }
}
