using Varve.Model.Packs;
using Varve.Seal;
using Varve.Store;

namespace Varve.Backup.Packing;

/// <summary>Where packs go and what seals them. Thread-safe; what it makes is not.</summary>
internal interface IPackOutput
{
    /// <summary>Bytes from which on a pack is full.</summary>
    long PackSize { get; }

    /// <summary>Begins an object of the store, which has no name yet.</summary>
    IStagedObject Stage();

    /// <summary>A fresh key for a pack.</summary>
    PackSealer NewKey(PackKind kind);

    /// <summary>Seals a pack's footer into <paramref name="destination"/>, bound to the pack's header.</summary>
    void SealFooter(ReadOnlySpan<byte> header, ReadOnlySpan<byte> footer, Span<byte> destination);
}
