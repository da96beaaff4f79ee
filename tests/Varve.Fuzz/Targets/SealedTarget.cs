using Varve.Format;
using Varve.Seal;

namespace Varve.Fuzz.Targets;

/// <summary>
/// Sealed objects: bytes as they are; and (first byte odd) a plaintext that is sealed and then changed at one place, which must be noticed.
/// </summary>
internal sealed class SealedTarget : IFuzzTarget
{
    private readonly ObjectSealer _sealer = new(Known.Repository, Known.Key);

    public string Name => "sealed";

    public IEnumerable<byte[]> Seeds() =>
        [[0, .. _sealer.Seal(ObjectType.Snapshot, ObjectMagic.Snapshot, "plain"u8)],
        [0, .. _sealer.Seal(ObjectType.Snapshot, ObjectMagic.Snapshot, [])],
        [1, 3, 200, .. "some plaintext"u8], [1, 9, 0], [3, 1, 1, .. "cut short"u8]];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length < 3) { return; }
        if ((input[0] & 1) == 0)
        {
            Open(input[1..]);
            return;
        }

        byte[] whole = _sealer.Seal(ObjectType.Snapshot, ObjectMagic.Snapshot, input[3..]);
        Same.Require(Open(whole), input[3..], "a sealed object");
        int at = (input[1] | (input[2] << 8)) % whole.Length;
        byte[] changed = (input[0] & 2) == 0 ? [.. whole] : whole[..at];
        if ((input[0] & 2) == 0) { changed[at] ^= (byte)(1 << (input[0] >> 5)); }
        try { Open(changed); }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { return; }
        throw new FuzzException("a changed object was opened");
    }

    /// <summary>Opens it in both ways, which must come to the same.</summary>
    private byte[] Open(ReadOnlySpan<byte> bytes)
    {
        byte[] plain = _sealer.Open(ObjectType.Snapshot, ObjectMagic.Snapshot, bytes);
        using var source = new MemoryStream(bytes.ToArray());
        using var destination = new MemoryStream();
        _sealer.Open(ObjectType.Snapshot, ObjectMagic.Snapshot, source, destination);
        Same.Require(destination.ToArray(), plain, "what a stream opens");
        return plain;
    }
}
