using Varve.Format;
using Varve.Model;
using Varve.Platform.Files;
using Varve.Vault.Open;

namespace Varve.Vault.Objects;

/// <summary>What this machine keeps of a repository's snapshots and notes. Thread-safe.</summary>
internal sealed class RecordCache : IDisposable
{
    private readonly ObjectCache _snapshots, _notes;

    /// <summary>Opens the directories in the repository's cache, and makes them if need be.</summary>
    /// <exception cref="VarveException">Storage: they cannot be, or are not for this user alone.</exception>
    /// <param name="cache">The repository's cache.</param>
    /// <param name="seals">Seal what was opened; null if none is to be kept.</param>
    internal RecordCache(PrivateDirectory cache, CacheSeals? seals)
    {
        Sealed = new ObjectCache(cache, "snapshots", ".sealed");
        _snapshots = new ObjectCache(cache, "snapshots", ".opened");
        _notes = new ObjectCache(cache, "notes", ".opened");
        if (seals is null) { return; }
        Snapshots = new OpenedRecords(_snapshots, ObjectType.Snapshot, seals.Shared, seals.Own);
        Notes = new OpenedRecords(_notes, ObjectType.Note, seals.Shared, seals.Own);
    }

    /// <summary>Snapshots as they lie in the store.</summary>
    internal ObjectCache Sealed { get; }

    /// <summary>Snapshots as they were opened; null for a key that cannot tell who signed.</summary>
    internal OpenedRecords? Snapshots { get; }

    /// <summary>Notes as they were opened; null for a key that cannot tell who signed.</summary>
    internal OpenedRecords? Notes { get; }

    /// <summary>Takes out what a listing of all snapshots does not have; <paramref name="keys"/> are sorted.</summary>
    internal void KeepSnapshots(IReadOnlyList<string> keys)
    {
        Sealed.Keep(keys);
        _snapshots.Keep(keys);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Sealed.Dispose();
        _snapshots.Dispose();
        _notes.Dispose();
    }
}
