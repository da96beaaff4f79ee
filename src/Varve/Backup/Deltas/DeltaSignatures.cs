using Varve.Backup.Content;
using Varve.Delta;
using Varve.Model;

namespace Varve.Backup.Deltas;

/// <summary>
/// The signatures of large files, by which deltas are found, as a run uses them: the side store, and which files get one. Thread-safe.
/// </summary>
internal sealed class DeltaSignatures : IDisposable
{
    // Signatures of larger files have larger cells, so that none has more than 2^24 of them or takes more than 512 MiB.
    private const int CellSize = 4096, LargestCell = 65536;
    private const long MaxCells = 1 << 24;

    // What a signature has room for: 2^48 bytes.
    private const long MaxSize = 1L << 48;

    private readonly Bytes32 _source;
    private readonly long _from;

    /// <param name="folder">Where signatures lie.</param>
    /// <param name="keys">Seal and name them.</param>
    /// <param name="source">The source they are of.</param>
    /// <param name="limit">Bytes they may take.</param>
    /// <param name="from">Files from this size on get one at once.</param>
    /// <param name="isForced">See <see cref="IsForced"/>.</param>
    internal DeltaSignatures(string folder, DeltaKeys keys, Bytes32 source, long limit, long from, bool isForced)
    {
        Store = new SignatureStore(folder, keys, limit);
        Hashers = new HasherPool(keys);
        IsForced = isForced;
        _source = source;
        _from = from;
    }

    internal SignatureStore Store { get; }

    internal HasherPool Hashers { get; }

    /// <summary>
    /// Nothing is taken from the side store: what is read by force is cut as it was the first time, so that a chunk that was lost is stored
    /// again under its name, and all snapshots that need it are whole again.
    /// </summary>
    internal bool IsForced { get; }

    /// <summary>The name of a file's signature, by its path in the source.</summary>
    internal string NameOf(byte[] path) => Store.NameOf(_source, path);

    /// <summary>
    /// A file that was moved or renamed takes its signature along. If it is not the one of before after all, what it finds is worth
    /// nothing, and costs no more.
    /// </summary>
    internal void Moved(byte[] from, byte[] to) => Store.Move(NameOf(from), NameOf(to));

    /// <summary>Whether a file of that size may have a signature at all. Smaller ones are read in one go and stored anew.</summary>
    internal static bool IsCandidate(long size) => size is > SmallFileCutter.MostBytes and < MaxSize;

    /// <summary>Whether a file without a signature gets one: it was seen to change, or is large.</summary>
    internal bool WantsSignature(long size, bool hasChanged) => hasChanged || size >= _from;

    /// <inheritdoc/>
    public void Dispose() => Store.Dispose();

    internal static int CellSizeFor(long size)
    {
        int cell = CellSize;
        while (size / cell > MaxCells && cell < LargestCell) { cell *= 2; }
        return cell;
    }
}
