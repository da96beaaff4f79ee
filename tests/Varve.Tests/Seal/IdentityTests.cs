using System.Security.Cryptography;
using Varve.Format;
using Varve.Keys;
using Varve.Model;
using Varve.Seal;
using Varve.Tests.Kit;
using Varve.Vault.Open;

namespace Varve.Tests.Seal;

/// <summary>Identities, their certificates, and what they sign (docs/format.md, 4.2 and 5.1).</summary>
public sealed class IdentityTests
{
    private static readonly RepositoryId Id = RepositoryId.Create();
    private static readonly byte[] Header = HeaderJson.Encode(RepositoryHeader.Create(Id, "2026-11-30T10:00:00Z"));

    [Fact]
    public void A_key_pair_is_derived_as_the_RFC_derives_it()
    {
        // RFC 9180, A.3.1: ikmE and skEm of DHKEM(P-256, HKDF-SHA256).
        byte[] material = Convert.FromHexString("4270e54ffd08d79d5928020af4686d8f6b7d35dbe470265f1f5aa22816ce860e");
        Assert.Equal("4995788ef4b9d6132b249ce59a77281493eb39af373d236a1fe415cb0c2d7beb",
            Convert.ToHexStringLower(DerivedKeyPair.Of(material)));
    }

    [Fact]
    public void Every_slot_has_an_identity_of_its_own_that_the_same_key_certified()
    {
        using SecretBundle secrets = SecretBundle.Create(Id, Header);
        using SecretBundle one = Identities.ForNewSlot(secrets, KeyLevel.Full, "one");
        using SecretBundle two = Identities.ForNewSlot(one, KeyLevel.Write, "two");
        WriterIdentity first = Identities.SignerOf(one)!.Writer, second = Identities.SignerOf(two)!.Writer;
        Assert.Equal((KeyLevel.Full, "one", KeyLevel.Write, "two"), (first.Level, first.Label, second.Level, second.Label));
        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(one.IssuingKey, two.IssuingKey);
        Assert.Null(two.PrivateKey);
    }

    [Fact]
    public void A_full_slot_that_is_older_than_identities_has_the_same_one_wherever_it_is_opened()
    {
        SecretBundle secrets = SecretBundle.Create(Id, Header);
        byte[] stored = secrets.Encode();
        var slot = new ObjectName(RandomNumberGenerator.GetBytes(32));
        using SecretBundle here = Identities.Opened(SecretBundle.Decode(stored), slot, "old");
        using SecretBundle there = Identities.Opened(SecretBundle.Decode(stored), slot, "old");
        using SecretBundle other = Identities.Opened(SecretBundle.Decode(stored), new ObjectName(new byte[32]), "other");
        Assert.Equal(Identities.SignerOf(here)!.Writer, Identities.SignerOf(there)!.Writer);
        Assert.NotEqual(Identities.SignerOf(here)!.Writer, Identities.SignerOf(other)!.Writer);
        Assert.Equal(here.IssuingKey, other.IssuingKey);
    }

    [Fact]
    public void A_write_slot_that_is_older_than_identities_signs_nothing_and_cannot_tell_who_did()
    {
        using SecretBundle secrets = SecretBundle.Create(Id, Header), write = secrets.ToWriteLevel();
        using SecretBundle opened = Identities.Opened(write, default, "old");
        Assert.Null(Identities.SignerOf(opened));
        var verifier = new SignatureVerifier(Id, opened.IssuingKey);
        Assert.Equal(SignatureState.Unsigned, verifier.Verify(ObjectMagic.Snapshot, "content"u8, []).State);
        Assert.Equal(SignatureState.Unknown, verifier.Verify(ObjectMagic.Snapshot, "content"u8, [1]).State);
    }

    [Fact]
    public void A_signature_holds_for_what_was_signed_and_nothing_else()
    {
        using SecretBundle secrets = SecretBundle.Create(Id, Header), bundle = Identities.ForNewSlot(secrets, KeyLevel.Write, "laptop");
        ObjectSigner signer = Identities.SignerOf(bundle)!;
        byte[] part = signer.Sign(ObjectMagic.Snapshot, "content"u8);
        var verifier = new SignatureVerifier(Id, bundle.IssuingKey);
        Assert.Equal(new Signature(SignatureState.Valid, signer.Writer), verifier.Verify(ObjectMagic.Snapshot, "content"u8, part));
        Assert.Equal(Signature.Invalid, verifier.Verify(ObjectMagic.Snapshot, "Content"u8, part));
        Assert.Equal(Signature.Invalid, verifier.Verify(ObjectMagic.Note, "content"u8, part));
        var foreign = new SignatureVerifier(RepositoryId.Create(), bundle.IssuingKey);
        Assert.Equal(Signature.Invalid, foreign.Verify(ObjectMagic.Snapshot, "content"u8, part));
        foreach (byte[] flipped in DamagedBytes.Flips(part))
        {
            Signature read = verifier.Verify(ObjectMagic.Snapshot, "content"u8, flipped);
            Assert.Null(read.Writer);
            Assert.NotEqual(SignatureState.Valid, read.State);
        }

        for (int length = 1; length < part.Length; length++)
        {
            Assert.Equal(Signature.Invalid, verifier.Verify(ObjectMagic.Snapshot, "content"u8, part[..length]));
        }
    }

    [Fact]
    public void What_a_later_writer_adds_to_a_signature_or_a_certificate_is_skipped()
    {
        using SecretBundle secrets = SecretBundle.Create(Id, Header), bundle = Identities.ForNewSlot(secrets, KeyLevel.Write, "laptop");
        byte[] own = bundle.Identity!.PrivateKey, further = [12, 1, 7, 12, 0, 99, 2, 1, 2], level = [2, 1, (byte)KeyLevel.Write];
        using var issuing = IssuingKey.Of(Id, secrets.PrivateKey!);
        byte[] statement = [.. Certificate.Statement(P256.PublicOf(own), KeyLevel.Write, "laptop"), .. further];
        Certificate Read(byte[] said) => Certificate.Verify(Id, bundle.IssuingKey, issuing.Certify(said))!;
        Assert.Equal("laptop", Read(statement).Writer.Label);
        byte[] part = Identities.SignerOf(bundle)!.Sign(ObjectMagic.Snapshot, "content"u8);
        var verifier = new SignatureVerifier(Id, bundle.IssuingKey);
        Assert.Equal(SignatureState.Valid, verifier.Verify(ObjectMagic.Snapshot, "content"u8, [.. part, .. further]).State);
        // A level that nobody knows certifies nobody.
        int at = statement.AsSpan().IndexOf(level);
        Assert.Null(Read([.. statement[..(at + 2)], 3, .. statement[(at + 3)..]]));
    }

    [Fact]
    public void Who_is_certified_by_nobody_or_by_another_repository_is_nobody()
    {
        using SecretBundle secrets = SecretBundle.Create(Id, Header), mine = Identities.ForNewSlot(secrets, KeyLevel.Full, "mine");
        using SecretBundle others = SecretBundle.Create(Id, Header), theirs = Identities.ForNewSlot(others, KeyLevel.Full, "theirs");
        byte[] part = Identities.SignerOf(theirs)!.Sign(ObjectMagic.Snapshot, "content"u8);
        Assert.Equal(Signature.Invalid, new SignatureVerifier(Id, mine.IssuingKey).Verify(ObjectMagic.Snapshot, "content"u8, part));
        using SecretBundle mixed = secrets.WithIdentity([.. mine.IssuingKey!], theirs.Identity!);
        Assert.Null(Identities.SignerOf(mixed));
    }

    [Fact]
    public void A_slot_of_a_full_paper_key_gets_an_identity_and_one_of_a_write_paper_key_none()
    {
        using SecretBundle secrets = SecretBundle.Create(Id, Header);
        using SecretBundle full = Identities.ForNewSlot(secrets, KeyLevel.Full, "f"), write = Identities.ForNewSlot(full, KeyLevel.Write, "w");
        using PaperKey whole = PaperKey.Parse(PaperKey.Of(full).Code), part = PaperKey.Parse(PaperKey.Of(write).Code);
        using SecretBundle bare = whole.ToBundle(), own = Identities.ForNewSlot(bare, KeyLevel.Full, "new");
        Assert.Null(bare.Identity);
        Assert.Equal(full.IssuingKey, own.IssuingKey);
        Assert.Equal("new", Identities.SignerOf(own)!.Writer.Label);
        using SecretBundle low = part.ToBundle(), slot = Identities.ForNewSlot(low, KeyLevel.Write, "new");
        Assert.Null(Identities.SignerOf(slot));
    }
}
