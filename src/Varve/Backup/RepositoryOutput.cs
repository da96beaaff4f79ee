using Varve.Backup.Commit;
using Varve.Backup.Packing;
using Varve.Format;
using Varve.Lookup;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Model.Snapshots;
using Varve.Seal;
using Varve.Store;
using Varve.Vault;
using Varve.Vault.Chunks;
using Varve.Vault.Objects;
using Varve.Vault.Open;
using Varve.Vault.Runs;

namespace Varve.Backup;

/// <summary>What the rooms of a backup need of the repository they write to. Thread-safe.</summary>
internal sealed class RepositoryOutput(Repository repository, Session session) : IKnownChunks, IPackOutput, IIndexOutput
{
    private readonly IndexSet _indexes = repository.Indexes;
    private readonly ChunkIndex _chunks = repository.Chunks;

    /// <inheritdoc/>
    public long PackSize => repository.Header.PackSize;

    /// <inheritdoc/>
    public long PendingChunks => _chunks.PendingCount;

    /// <inheritdoc/>
    public bool Contains(in ChunkId id) => _indexes.Contains(id);

    /// <inheritdoc/>
    public bool TryAddPending(in ChunkId id) => _chunks.TryAddPending(id);

    /// <inheritdoc/>
    public IStagedObject Stage() => repository.Store.Stage();

    /// <inheritdoc/>
    public PackSealer NewKey(PackKind kind) => repository.Content.NewPack(kind);

    /// <inheritdoc/>
    public void SealFooter(ReadOnlySpan<byte> header, ReadOnlySpan<byte> footer, Span<byte> destination) =>
        repository.Objects.Seal(ObjectType.Footer, header, footer, destination);

    /// <inheritdoc/>
    public long WriteRun(IReadOnlyList<PackContents> packs)
    {
        long stored = _indexes.WriteRun(packs, session.Id);
        session.ThrowIfLost(); // not only in the end, which may be days away
        return stored;
    }
}
