using System.Security.Cryptography;
using System.Text;
using Varve.Format;
using Varve.Keys;
using Varve.Model;
using Varve.Platform.Files;
using Varve.Seal;

namespace Varve.Vault.Objects;

/// <summary>What this machine keeps of a repository's snapshots and notes. Thread-safe.</summary>
internal sealed class RecordCache : IDisposable
{
    private readonly ObjectCache _snapshots, _notes;

    /// <summary>Opens the directories in the repository's cache, and makes them if need be.</summary>
    /// <exception cref="VarveException">Storage: they cannot be, or are not for this user alone.</exception>
    internal RecordCache(PrivateDirectory cache, SecretBundle secrets)
    {
        Sealed = new ObjectCache(cache, "snapshots", ".sealed");
        _snapshots = new ObjectCache(cache, "snapshots", ".opened");
        _notes = new ObjectCache(cache, "notes", ".opened");
        if (secrets.IssuingKey is null) { return; } // cannot tell who signed, and others can
        ObjectSealer shared = Sealer(secrets, secrets.IndexKey, "varve/1 cache");
        ObjectSealer? own = secrets.PrivateKey is { } key ? Sealer(secrets, [.. secrets.IndexKey, .. key], "varve/1 cache, private") : null;
        Snapshots = new OpenedRecords(_snapshots, ObjectType.Snapshot, shared, own);
        Notes = new OpenedRecords(_notes, ObjectType.Note, shared, own);
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

    private static ObjectSealer Sealer(SecretBundle secrets, byte[] from, string info)
    {
        Span<byte> key = stackalloc byte[SealLayout.KeyLength];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, from, key, secrets.RepositoryId.ToArray(), Encoding.ASCII.GetBytes(info));
        var sealer = new ObjectSealer(secrets.RepositoryId, key);
        CryptographicOperations.ZeroMemory(key);
        return sealer;
    }
}
