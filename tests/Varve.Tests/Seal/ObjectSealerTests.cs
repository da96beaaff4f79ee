using System.Security.Cryptography;
using Varve.Format;
using Varve.Model;
using Varve.Seal;
using Varve.Tests.Kit;

namespace Varve.Tests.Seal;

public sealed class ObjectSealerTests
{
    private const int Segment = 1 << 20, Stored = Segment + 16;

    private static readonly RepositoryId Repository = RepositoryId.Create();
    private static readonly byte[] Key = DamagedBytes.Random(32, 1);
    private static readonly ObjectSealer Sealer = new(Repository, Key);
    private static readonly int[] Lengths = [0, 1, 1000, Segment - 1, Segment, Segment + 1, (2 * Segment) + 5, 3 * Segment];

    private static byte[] Context => "VARVEIDX"u8.ToArray();

    /// <summary>Opens both ways, which must agree: the bytes, or damage.</summary>
    private static byte[] Open(byte[] bytes, ObjectType type = ObjectType.IndexRun, byte[]? context = null, ObjectSealer? sealer = null)
    {
        sealer ??= Sealer;
        context ??= Context;
        using var destination = new MemoryStream();
        VarveException? failure = null;
        try { sealer.Open(type, context, new DribblingStream(bytes), destination); }
        catch (VarveException e) { failure = e; }

        try
        {
            byte[] plaintext = sealer.Open(type, context, bytes);
            Assert.Null(failure);
            Assert.True(plaintext.AsSpan().SequenceEqual(destination.ToArray()));
            return plaintext;
        }
        catch (VarveException e)
        {
            Assert.Equal(e.Kind, failure?.Kind);
            throw;
        }
    }

    [Fact]
    public void Objects_of_every_length_come_back()
    {
        foreach (int length in Lengths)
        {
            byte[] plaintext = DamagedBytes.Random(length, length), bytes = Sealer.Seal(ObjectType.IndexRun, Context, plaintext);
            Assert.Equal(ObjectSealer.SealedLength(length), bytes.Length);
            Assert.True(plaintext.AsSpan().SequenceEqual(Open(bytes)));

            using var streamed = new MemoryStream();
            Sealer.Seal(ObjectType.IndexRun, Context, new DribblingStream(plaintext), streamed);
            Assert.Equal(bytes.Length, streamed.Length);
            Assert.True(plaintext.AsSpan().SequenceEqual(Open(streamed.ToArray())));
        }
    }

    [Fact]
    public void The_bytes_are_those_of_the_format()
    {
        byte[] plaintext = DamagedBytes.Random(Segment + 77, 3), bytes = Sealer.Seal(ObjectType.Snapshot, "VARVESNP"u8, plaintext);

        // Written out again from docs/format.md, 5.
        byte[] key = HKDF.DeriveKey(HashAlgorithmName.SHA256, Key, 32, bytes[..32], [.. "varve/1 object"u8, .. Repository.ToArray(), 3]);
        byte[] first = new byte[Segment], second = new byte[77];
        using var aes = new AesGcm(key, 16);
        aes.Decrypt(new byte[12], bytes.AsSpan(32, Segment), bytes.AsSpan(32 + Segment, 16), first, "VARVESNP"u8);
        byte[] nonce = [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1];
        aes.Decrypt(nonce, bytes.AsSpan(32 + Stored, 77), bytes.AsSpan(^16..), second, "VARVESNP"u8);
        Assert.True(plaintext.AsSpan().SequenceEqual([.. first, .. second]));
    }

    [Fact]
    public void Two_seals_of_one_plaintext_share_no_key()
    {
        byte[] one = Sealer.Seal(ObjectType.Footer, [], new byte[100]), two = Sealer.Seal(ObjectType.Footer, [], new byte[100]);
        Assert.NotEqual(one[..32], two[..32]);
        Assert.NotEqual(one[32..], two[32..]);
    }

    [Fact]
    public void A_flipped_bit_anywhere_is_damage()
    {
        foreach (byte[] flipped in DamagedBytes.Flips(Sealer.Seal(ObjectType.IndexRun, Context, DamagedBytes.Random(100, 4))))
        {
            DamagedBytes.Is(() => Open(flipped));
        }

        foreach (byte[] flipped in DamagedBytes.Flips(
            Sealer.Seal(ObjectType.IndexRun, Context, DamagedBytes.Random((2 * Segment) + 100, 5)), sample: 30))
        {
            DamagedBytes.Is(() => Open(flipped));
        }
    }

    [Fact]
    public void Segments_cannot_be_reordered_dropped_or_repeated()
    {
        byte[] bytes = Sealer.Seal(ObjectType.IndexRun, Context, DamagedBytes.Random(3 * Segment, 6));
        byte[] salt = bytes[..32], a = bytes[32..(32 + Stored)], b = bytes[(32 + Stored)..(32 + (2 * Stored))],
            c = bytes[(32 + (2 * Stored))..];
        Assert.Equal(3 * Segment, Open([.. salt, .. a, .. b, .. c]).Length);
        foreach (byte[] changed in (byte[][])[
            [.. salt, .. b, .. a, .. c], [.. salt, .. a, .. c, .. b], [.. salt, .. a, .. c], [.. salt, .. a, .. b], [.. salt, .. c],
            [.. salt, .. a],
            salt, [.. salt, .. a, .. b, .. b, .. c], [.. salt, .. a, .. b, .. c, .. c], [.. bytes, 0], [.. bytes, .. new byte[16]],
            [.. bytes, .. new byte[17]]])
        {
            DamagedBytes.Is(() => Open(changed));
        }
    }

    [Fact]
    public void Segments_of_another_object_do_not_fit()
    {
        byte[] one = Sealer.Seal(ObjectType.IndexRun, Context, new byte[2 * Segment]),
            two = Sealer.Seal(ObjectType.IndexRun, Context, new byte[2 * Segment]);
        DamagedBytes.Is(() => Open([.. one[..(32 + Stored)], .. two[(32 + Stored)..]]));
    }

    [Fact]
    public void An_object_cut_anywhere_is_damage()
    {
        byte[] bytes = Sealer.Seal(ObjectType.IndexRun, Context, DamagedBytes.Random(Segment + 20, 7));
        int[] cuts = [0, 1, 31, 32, 47, 48, 1000, 32 + Segment, 32 + Stored, 33 + Stored, 32 + Stored + 16, bytes.Length - 1];
        foreach (int length in cuts) { DamagedBytes.Is(() => Open(bytes[..length])); }
    }

    [Fact]
    public void An_object_opens_only_as_its_type_in_its_context_and_repository()
    {
        byte[] bytes = Sealer.Seal(ObjectType.IndexRun, Context, new byte[50]);
        foreach (ObjectType type in (ObjectType[])[ObjectType.Footer, ObjectType.Snapshot, ObjectType.Condemned])
        {
            DamagedBytes.Is(() => Open(bytes, type));
        }

        DamagedBytes.Is(() => Open(bytes, context: "VARVEIDY"u8.ToArray()));
        DamagedBytes.Is(() => Open(bytes, context: []));
        DamagedBytes.Is(() => Open(bytes, sealer: new ObjectSealer(RepositoryId.Create(), Key)));
        DamagedBytes.Is(() => Open(bytes, sealer: new ObjectSealer(Repository, DamagedBytes.Random(32, 2))));
    }

    [Fact]
    public void Nonces_of_one_object_never_repeat()
    {
        using var cipher = new SegmentCipher(ObjectType.IndexRun, Key);
        var seen = new HashSet<string>();
        var stored = new byte[32];
        for (int i = 0; i < 300; i++)
        {
            // Equal plaintexts under one key: only a repeated nonce makes equal ciphertexts.
            cipher.Seal(new byte[16], last: i == 299, [], stored);
            Assert.True(seen.Add(Convert.ToHexString(stored)));
        }

        Assert.Throws<InvalidOperationException>(() => cipher.Seal(new byte[16], last: true, [], stored));
    }

    /// <summary>A stream that gives what it likes, as sockets do.</summary>
    private sealed class DribblingStream(byte[] bytes) : MemoryStream(bytes)
    {
        private readonly Random _random = new(bytes.Length);

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 1 + _random.Next(300_000))]);
    }
}
