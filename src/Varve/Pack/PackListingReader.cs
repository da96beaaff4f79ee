using Varve.Format;
using Varve.Model;
using Varve.Model.Bytes;
using Varve.Model.Packs;
using Varve.Model.Snapshots;

namespace Varve.Pack;

/// <summary>
/// Walks the plaintext of an index run pack by pack without allocating for them. Throws <see cref="ErrorKind.Damaged"/> for what no writer
/// makes; that a listing is whole is known at its end only.
/// </summary>
internal ref struct PackListingReader
{
    // Name, a size, a kind and a footer's length of a byte each.
    private const int MinPackEntry = Bytes32.Size + 3;

    private ByteReader _reader;
    private ReadOnlySpan<byte> _footer;
    private int _left;

    /// <summary>Stands before the first pack. Errors are without a name.</summary>
    public PackListingReader(ReadOnlySpan<byte> plaintext)
    {
        _reader = new ByteReader(plaintext, Subject.None);
        Superseded = new ObjectName[_reader.Count(Bytes32.Size)];
        for (int i = 0; i < Superseded.Length; i++) { Superseded[i] = new ObjectName(_reader.Id32()); }
        _left = _reader.Count(MinPackEntry);
    }

    /// <summary>The runs that this one supersedes.</summary>
    public ObjectName[] Superseded { get; }

    /// <summary>The session it was made in, known at the end; none for a run of an old writer.</summary>
    public SessionId Session { get; private set; }

    /// <summary>How much of the plaintext is signed, and the signature, which may be empty; known at the end.</summary>
    public int SignedLength { get; private set; }

    /// <inheritdoc cref="SignedLength"/>
    public ReadOnlySpan<byte> Signature { get; private set; }

    /// <summary>The current pack's name.</summary>
    public ObjectName Name { get; private set; }

    /// <summary>The current pack's length in bytes.</summary>
    public long Size { get; private set; }

    /// <summary>What the current pack holds.</summary>
    public PackKind Kind { get; private set; }

    /// <summary>Goes to the next pack; false at the end.</summary>
    public bool NextPack()
    {
        if (_left == 0)
        {
            ReadParts();
            return false;
        }

        _left--;
        Name = new ObjectName(_reader.Id32());
        Size = _reader.VarInt63();
        Kind = (PackKind)_reader.U8();
        if (Kind is not (PackKind.Data or PackKind.Meta)) { throw _reader.Damaged($"a pack is of unknown kind {(byte)Kind}"); }
        _footer = _reader.Bytes();
        return true;
    }

    /// <summary>The current pack's blocks and chunks.</summary>
    public readonly FooterCursor Blocks() => new(_footer, Size);

    /// <summary>What the run says that the current pack's footer is.</summary>
    public readonly ReadOnlySpan<byte> Footer => _footer;

    // Further parts are those of a later writer.
    private void ReadParts()
    {
        if (_reader.Remaining > 0)
        {
            var fields = new FieldReader(_reader.Bytes(), Subject.None, 1UL << PackListing.SessionTag);
            while (fields.MoveNext())
            {
                if (fields.Tag != PackListing.SessionTag) { continue; }
                Session = fields.Value.Length == SessionId.Size ? new SessionId(fields.Value) : throw fields.Damaged();
            }
        }

        SignedLength = _reader.Position;
        Signature = _reader.Remaining > 0 ? _reader.Bytes() : default;
        while (_reader.Remaining > 0) { _reader.Bytes(); }
    }
}
