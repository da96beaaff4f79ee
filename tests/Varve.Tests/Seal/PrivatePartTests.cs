using Varve.Model;
using Varve.Seal;
using Varve.Tests.Kit;

namespace Varve.Tests.Seal;

public sealed class PrivatePartTests
{
    private static readonly RepositoryId Repository = RepositoryId.Create();
    private static readonly HpkePair Pair = HpkePair.Generate();

    [Fact]
    public void The_private_part_opens_beside_its_public_bytes_only()
    {
        byte[] part = PrivatePart.Seal(RecordKind.Snapshot, Repository, Pair.PublicKey, "public"u8, "secret"u8);
        Assert.Equal("secret"u8, PrivatePart.Open(RecordKind.Snapshot, Repository, Pair.PrivateKey, Pair.PublicKey, "public"u8, part));
        Assert.Equal("secret"u8,
            Hpke.Open(Pair.PrivateKey, Pair.PublicKey, [.. "varve/1 snapshot"u8, .. Repository.ToArray()], "public"u8, part));
        DamagedBytes.Is(() => PrivatePart.Open(RecordKind.Snapshot, Repository, Pair.PrivateKey, Pair.PublicKey, "Public"u8, part));
        DamagedBytes.Is(() => PrivatePart.Open(RecordKind.Snapshot, RepositoryId.Create(), Pair.PrivateKey, Pair.PublicKey, "public"u8, part));
    }

    [Fact]
    public void A_flipped_bit_anywhere_is_damage()
    {
        byte[] part = PrivatePart.Seal(RecordKind.Snapshot, Repository, Pair.PublicKey, "public"u8, "secret"u8);
        foreach (byte[] flipped in DamagedBytes.Flips(part))
        {
            DamagedBytes.Is(() => PrivatePart.Open(RecordKind.Snapshot, Repository, Pair.PrivateKey, Pair.PublicKey, "public"u8, flipped));
        }
    }
}
