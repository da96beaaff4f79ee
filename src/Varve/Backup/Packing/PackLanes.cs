using Varve.Model.Packs;
using Varve.Threads;

namespace Varve.Backup.Packing;

/// <summary>
/// The open packs of one kind. Sealing, hashing and writing a block happen under its pack's lock, and with content that does not compress
/// they are most of the work; so whoever finds the first pack taken uses another one. The first is always tried first: where workers seldom
/// meet, a checkpoint finds but one pack that is not full. Thread-safe.
/// </summary>
internal sealed class PackLanes : IDisposable
{
    private readonly PackAssembler[] _lanes;

    internal PackLanes(int count, PackKind kind, IPackOutput output, BoundedQueue<PackJob> packs, UploadLedger ledger)
    {
        _lanes = new PackAssembler[count];
        for (int i = 0; i < count; i++) { _lanes[i] = new PackAssembler(kind, output, packs, ledger); }
    }

    /// <summary>Seals a block's payload into an open pack.</summary>
    internal void Add(ReadOnlySpan<byte> payload, uint rawLength, Codec codec, ReadOnlySpan<PackedChunk> chunks)
    {
        foreach (PackAssembler lane in _lanes)
        {
            if (lane.TryAdd(payload, rawLength, codec, chunks)) { return; }
        }

        _lanes[Environment.CurrentManagedThreadId % _lanes.Length].Add(payload, rawLength, codec, chunks);
    }

    /// <summary>Sends the open packs off, however small: a checkpoint wants what they hold to be durable.</summary>
    internal void Flush()
    {
        foreach (PackAssembler lane in _lanes) { lane.Flush(); }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PackAssembler lane in _lanes) { lane.Dispose(); }
    }
}
