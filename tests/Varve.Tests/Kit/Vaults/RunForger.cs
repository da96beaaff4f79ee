using System.Security.Cryptography;
using Varve.Format;
using Varve.Keys;
using Varve.Model;
using Varve.Model.Bytes;
using Varve.Model.Packs;
using Varve.Model.Snapshots;
using Varve.Pack;
using Varve.Seal;
using Varve.Store;
using Varve.Vault.Open;

namespace Varve.Tests.Kit.Vaults;

/// <summary>Somebody who has a key, and stores index runs and packs that say whatever he likes.</summary>
internal sealed class RunForger : IDisposable
{
    private readonly IStore _store;
    private readonly SecretBundle _secrets;
    private readonly ObjectSealer _objects;
    private readonly ObjectSigner? _signer;

    internal RunForger(IStore store, Credentials key, RepositoryOptions options)
    {
        _store = store;
        _secrets = RepositoryOpener.Open(store, key, options).Bundle;
        _objects = new ObjectSealer(_secrets.RepositoryId, _secrets.IndexKey);
        _signer = Identities.SignerOf(_secrets);
    }

    internal ChunkHasher Hasher => new(_secrets.ChunkIdKey);

    /// <summary>Who he is.</summary>
    internal WriterIdentity Writer => _signer!.Writer;

    /// <summary>Stores a run; <paramref name="further"/> comes after its signature.</summary>
    internal ObjectName PutRun(IReadOnlyList<PackContents> packs, IReadOnlyList<ObjectName>? superseded = null, bool isSigned = true,
        SessionId session = default, byte[]? further = null, bool isSpoiled = false)
    {
        var plain = new ByteWriter();
        PackListing.Encode(plain, packs, superseded);
        if (isSigned)
        {
            PackListing.EncodeFields(plain, session);
            plain.Bytes(_signer!.Sign(ObjectMagic.Index, isSpoiled ? plain.Written[1..] : plain.Written));
        }

        if (further is not null) { plain.Bytes(further); }
        byte[] bytes = [.. ObjectMagic.Index, .. _objects.Seal(ObjectType.IndexRun, ObjectMagic.Index, plain.Written)];
        var name = new ObjectName(SHA256.HashData(bytes));
        Assert.True(_store.Put(ObjectKeys.Run(name), bytes));
        return name;
    }

    /// <summary>Stores a pack of one raw block, which holds these chunks if its footer is to be believed.</summary>
    internal PackContents PutPack(byte[] block, params PackedChunk[] chunks) => PutPack(PackKind.Data, [(block, chunks)]);

    /// <summary>Stores a pack of raw blocks.</summary>
    internal PackContents PutPack(PackKind kind, IReadOnlyList<(byte[] Block, PackedChunk[] Chunks)> blocks)
    {
        using PackSealer sealer = new ContentSealer(_secrets.RepositoryId, _secrets.PublicKey, null).NewPack(kind);
        var pack = new PackBuilder();
        pack.Begin(kind, sealer.Header.Span);
        uint number = 0;
        foreach ((byte[] block, PackedChunk[] chunks) in blocks)
        {
            int stored = block.Length + PackSealer.BlockOverhead;
            sealer.SealBlock(number++, Codec.Raw, (uint)block.Length, block, pack.Reserve(stored));
            pack.Commit(stored, (uint)block.Length, Codec.Raw, chunks.AsSpan());
        }

        pack.Finish(_objects.Seal(ObjectType.Footer, sealer.Header.Span, pack.EncodeFooter()));
        var name = new ObjectName(SHA256.HashData(pack.Bytes.Span));
        _store.Put(ObjectKeys.Pack(name), pack.Bytes.Span);
        return pack.ToContents(name);
    }

    public void Dispose() => _secrets.Dispose();
}
