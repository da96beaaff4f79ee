using Varve.Keys;

namespace Varve.Fuzz.Targets;

/// <summary>Key slots, up to the deriving of keys, which is slow on purpose.</summary>
internal sealed class SlotTarget : IFuzzTarget
{
    public string Name => "slot";

    public IReadOnlyList<byte[]> Words { get; } = JsonWords.All;

    public IEnumerable<byte[]> Seeds()
    {
        foreach (KeyMethod method in (KeyMethod[])[KeyMethod.Password, KeyMethod.KeyFile])
        {
            foreach (KeyLevel level in (KeyLevel[])[KeyLevel.Write, KeyLevel.Full])
            {
                yield return new KeySlotJson(Known.Repository, level, method, "laptop", "2026-11-22T10:00:00Z",
                    method == KeyMethod.Password ? new ScryptParameters(65536, 8, 2) : default, Known.Key, new byte[60]).Encode();
            }
        }
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        KeySlotJson slot = KeySlotJson.Decode(input);
        slot.Aad();
        slot.CheckTexts();
        byte[] written = slot.Encode();
        Same.Require(KeySlotJson.Decode(written).Encode(), written, "a key slot");
    }
}
