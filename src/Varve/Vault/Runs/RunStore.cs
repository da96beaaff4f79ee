using System.Buffers;
using System.Security.Cryptography;
using Varve.Format;
using Varve.Lookup;
using Varve.Model;
using Varve.Model.Bytes;
using Varve.Model.Packs;
using Varve.Model.Snapshots;
using Varve.Pack;
using Varve.Seal;
using Varve.Store;
using Varve.Vault.Objects;

namespace Varve.Vault.Runs;

/// <summary>
/// The repository's index runs: signed, sealed and stored once; opened, and made into the tables that the cache keeps of them. Who signed
/// one is found out when its table is made, and stands in the table. <paramref name="signer"/> is null for a slot without identity.
/// </summary>
internal sealed class RunStore(IStore store, ObjectSealer objects, ObjectSigner? signer, SignatureVerifier signatures)
{
    private readonly RunBuilder _builder = new(); // its own lock

    // Used by one committer at a time.
    private readonly ByteWriter _listing = new();

    /// <summary>What the runs that are stored here are signed by; null if they are not.</summary>
    internal WriterIdentity? Writer => signer?.Writer;

    /// <summary>Whether it can be told who signed a run.</summary>
    internal bool CanTell => signatures.CanTell;

    /// <summary>The length of a stored run, or false if it is gone.</summary>
    internal bool TryGetLength(ObjectName run, out long length) => store.TryGetLength(ObjectKeys.Run(run), out length);

    /// <summary>
    /// Stores a run of packs, which is durable when this returns, and makes the table that the cache keeps of it. One caller at a time.
    /// </summary>
    /// <param name="packs">What the packs hold.</param>
    /// <param name="session">In which session they were made.</param>
    /// <param name="isSigned">Whether the run is signed, if it can be.</param>
    /// <param name="cached">Makes the table of a name and of what writes it.</param>
    internal (RunReader Table, long Length) Put(PackContents[] packs, SessionId session, bool isSigned,
        Func<ObjectName, Action<Stream>, RunReader> cached)
    {
        _listing.Clear();
        PackListing.Encode(_listing, packs);
        (ObjectName name, long length) = Put(_listing, session, isSigned);
        return (cached(name, table => WriteTable(name, _listing.Written, table)), length);
    }

    /// <summary>Stores a run of what a listing says, to which its fields and signature are added. Its name and length.</summary>
    internal (ObjectName Name, long Length) Put(ByteWriter listing, SessionId session, bool isSigned)
    {
        ObjectSigner? by = isSigned ? signer : null;
        if (by is not null || session != default) { PackListing.EncodeFields(listing, session); }
        if (by is not null) { listing.Bytes(by.Sign(ObjectMagic.Index, listing.Written)); }
        using IStagedObject staged = store.Stage();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var stream = new StagedStream(staged, hash);
        stream.Write(ObjectMagic.Index);
        using MemoryStream plain = listing.ToStream();
        objects.Seal(ObjectType.IndexRun, ObjectMagic.Index, plain, stream);
        ObjectName name = stream.Name();
        staged.Commit(ObjectKeys.Run(name));
        return (name, stream.Length);
    }

    /// <summary>Refuses what is longer than a run can be: whoever can write to the storage can make a file of any length.</summary>
    /// <exception cref="VarveException">Damaged, naming the run.</exception>
    internal static void RequireLength(string key, long length)
    {
        if (length > ObjectMagic.Length + ObjectSealer.SealedLength(PackListing.MaxLength))
        {
            throw VarveException.Damaged(Subject.Object(key), "it is longer than an index run may be");
        }
    }

    /// <summary>Opens a stored run and writes the table that the cache keeps of it.</summary>
    /// <exception cref="VarveException">Damaged, naming the run.</exception>
    internal void WriteTable(ObjectName name, long length, Stream table) =>
        Read(name, length, plaintext => WriteTable(name, plaintext, table));

    /// <summary>Opens a stored run and hands its plaintext over, which is valid until that returns.</summary>
    /// <exception cref="VarveException">Damaged, naming the run; NotFound.</exception>
    internal void Read(ObjectName name, long length, Action<ReadOnlySpan<byte>> read)
    {
        string key = ObjectKeys.Run(name);
        RequireLength(key, length);
        byte[] memory = ArrayPool<byte>.Shared.Rent((int)length);
        using var plain = new MemoryStream(memory);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var stored = new ObjectStream(store, key, length) { Hash = hash };
        Span<byte> magic = stackalloc byte[ObjectMagic.Length];
        try
        {
            stored.ReadExactly(magic);
            if (!magic.SequenceEqual(ObjectMagic.Index))
            {
                throw VarveException.Damaged(Subject.Object(key), "it does not start as an index run");
            }
            objects.Open(ObjectType.IndexRun, ObjectMagic.Index, stored, plain);

            // Authentic is not enough: another run in this one's place would hide what this one lists.
            if (new ObjectName(hash.GetHashAndReset()) != name)
            {
                throw VarveException.Damaged(Subject.Object(key), "its bytes do not hash to its name");
            }
            read(memory.AsSpan(0, (int)plain.Position));
        }
        catch (EndOfStreamException) { throw VarveException.Damaged(Subject.Object(key), "it is cut short"); }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { throw e.At(Subject.Object(key)); }
        finally { ArrayPool<byte>.Shared.Return(memory); }
    }

    /// <summary>The table of packs that no run lists.</summary>
    internal void WriteTable(ObjectName name, IReadOnlyList<PackContents> packs, Stream table)
    {
        var listing = new ByteWriter();
        PackListing.Encode(listing, packs);
        WriteTable(name, listing.Written, table);
    }

    /// <summary>The same listing gives the same bytes.</summary>
    private void WriteTable(ObjectName name, ReadOnlySpan<byte> plaintext, Stream table)
    {
        var listing = new PackListingReader(plaintext);
        lock (_builder)
        {
            _builder.Clear();
            while (listing.NextPack())
            {
                FooterCursor blocks = listing.Blocks();
                bool isNew = _builder.BeginPack(listing.Name, listing.Size, listing.Kind, new Bytes32(SHA256.HashData(listing.Footer)));
                while (isNew && blocks.NextBlock())
                {
                    _builder.BeginBlock(blocks.StoredLength, blocks.RawLength, blocks.Codec);
                    while (blocks.NextChunk()) { _builder.AddChunk(blocks.Chunk); }
                }
            }

            Signature signature = signatures.Verify(ObjectMagic.Index, plaintext[..listing.SignedLength], listing.Signature);
            _builder.WriteTo(table, new RunOrigin(name)
            {
                Signature = signature.State, Signer = signature.Writer?.Uid ?? default, Level = signature.Writer?.Level,
                Session = listing.Session, Superseded = listing.Superseded,
            });
            _builder.Clear();
        }
    }
}
