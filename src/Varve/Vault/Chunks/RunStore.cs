using System.Buffers;
using System.Security.Cryptography;
using Varve.Format;
using Varve.Lookup;
using Varve.Model.Bytes;
using Varve.Model.Packs;
using Varve.Pack;
using Varve.Seal;
using Varve.Store;

namespace Varve.Vault.Chunks;

/// <summary>The repository's index runs: stored once, sealed; opened, and made into the tables that the cache keeps of them.</summary>
internal sealed class RunStore(IStore store, ObjectSealer objects)
{
    private readonly RunBuilder _builder = new(); // its own lock

    // Used by one committer at a time.
    private readonly ByteWriter _listing = new();

    /// <summary>The length of a stored run, or false if it is gone.</summary>
    internal bool TryGetLength(ObjectName run, out long length) => store.TryGetLength(ObjectKeys.Run(run), out length);

    /// <summary>Stores a run of packs, which is durable when this returns. One caller at a time.</summary>
    internal (ObjectName Name, long Length) Put(PackContents[] packs)
    {
        _listing.Clear();
        PackListing.Encode(_listing, packs);
        using IStagedObject staged = store.Stage();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var stream = new StagedStream(staged, hash);
        stream.Write(ObjectMagic.Index);
        using MemoryStream plain = _listing.ToStream();
        objects.Seal(ObjectType.IndexRun, ObjectMagic.Index, plain, stream);
        ObjectName name = stream.Name();
        staged.Commit(ObjectKeys.Run(name));
        return (name, stream.Length);
    }

    /// <summary>Opens a stored run and writes the table that the cache keeps of it.</summary>
    /// <exception cref="VarveException">Damaged, naming the run.</exception>
    internal void WriteTable(ObjectName name, long length, Stream table)
    {
        string key = ObjectKeys.Run(name);
        if (length > ObjectMagic.Length + ObjectSealer.SealedLength(PackListing.MaxLength))
        {
            throw VarveException.Damaged(Subject.Object(key), "it is longer than an index run may be");
        }
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
            WriteTable(new PackListingReader(memory.AsSpan(0, (int)plain.Position)), table);
        }
        catch (EndOfStreamException) { throw VarveException.Damaged(Subject.Object(key), "it is cut short"); }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { throw e.At(Subject.Object(key)); }
        finally { ArrayPool<byte>.Shared.Return(memory); }
    }

    /// <summary>The table for looking up that the cache keeps of a run. The same packs in the same order give the same bytes.</summary>
    internal void WriteTable(IReadOnlyList<PackContents> packs, Stream table)
    {
        lock (_builder)
        {
            _builder.Clear();
            _builder.Reserve(packs.Sum(static p => p.Blocks.Sum(static b => b.Chunks.Count)));
            foreach (PackContents pack in packs) { _builder.Add(pack); }
            _builder.WriteTo(table);
            _builder.Clear();
        }
    }

    private void WriteTable(PackListingReader listing, Stream table)
    {
        lock (_builder)
        {
            _builder.Clear();
            while (listing.NextPack())
            {
                FooterCursor blocks = listing.Blocks();
                bool isNew = _builder.BeginPack(listing.Name, listing.Size, listing.Kind);
                while (isNew && blocks.NextBlock())
                {
                    _builder.BeginBlock(blocks.StoredLength, blocks.RawLength, blocks.Codec);
                    while (blocks.NextChunk()) { _builder.AddChunk(blocks.Chunk); }
                }
            }

            foreach (ObjectName run in listing.Superseded) { _builder.Supersede(run); }
            _builder.WriteTo(table);
            _builder.Clear();
        }
    }
}
