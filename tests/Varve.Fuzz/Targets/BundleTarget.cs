using Varve.Keys;

namespace Varve.Fuzz.Targets;

/// <summary>The secrets in a key slot.</summary>
internal sealed class BundleTarget : IFuzzTarget
{
    public string Name => "bundle";

    public IEnumerable<byte[]> Seeds()
    {
        using var bundle = SecretBundle.Create(Known.Repository, "{}"u8.ToArray());
        using SecretBundle write = bundle.ToWriteLevel();
        return [bundle.Encode(), write.Encode()];
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        using SecretBundle bundle = SecretBundle.Decode(input);
        byte[] written = bundle.Encode();
        using SecretBundle again = SecretBundle.Decode(written);
        Same.Require(again.Encode(), written, "a bundle");
    }
}
