using System.Security.Cryptography;
using Varve.Format;
using Varve.Model;
using Varve.Seal;
using Varve.Store;
using Varve.Tree;

namespace Varve.Vault.Snapshots;

/// <summary>Snapshots in the repository: sealed, read, listed. Thread-safe.</summary>
internal sealed class SnapshotStore(IStore store, ObjectSealer objects, ContentSealer content) : ISnapshotSource
{
    /// <summary>Encodes and seals a snapshot: its bytes and the name they give it.</summary>
    internal (ObjectName Name, byte[] Bytes) Seal(Snapshot snapshot)
    {
        byte[] open = SnapshotCodec.EncodePublic(snapshot);
        byte[] secret = SnapshotCodec.EncodePrivate(snapshot.Private
            ?? throw new ArgumentException("a writer knows the private part", nameof(snapshot)));
        byte[] sealedSecret = content.SealPrivate(open, secret);
        byte[] body = objects.Seal(ObjectType.Snapshot, ObjectMagic.Snapshot, SnapshotCodec.Wrap(open, sealedSecret));
        byte[] bytes = [.. ObjectMagic.Snapshot, .. body];
        return (new ObjectName(SHA256.HashData(bytes)), bytes);
    }

    /// <inheritdoc/>
    public bool SeesPrivate => content.CanOpen;

    /// <inheritdoc/>
    public HashSet<ObjectName> Names()
    {
        var names = new HashSet<ObjectName>();
        foreach (StoreObject item in store.List(ObjectKeys.Snapshots))
        {
            if (ObjectKeys.TryName(item.Key, out ObjectName name)) { names.Add(name); }
        }

        return names;
    }

    /// <inheritdoc/>
    public Snapshot Read(ObjectName name)
    {
        string key = ObjectKeys.Snapshot(name);
        byte[] bytes = store.Get(key, Limits.MaxSnapshot)
            ?? throw new VarveException(ErrorKind.NotFound, Subject.Snapshot(name), "does not exist", Advice.ListSnapshots);
        try { return Decode(name, bytes); }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { throw e.At(Subject.Object(key)); }
    }

    private Snapshot Decode(ObjectName name, byte[] bytes)
    {
        if (new ObjectName(SHA256.HashData(bytes)) != name)
        {
            throw VarveException.Damaged(Subject.None, "its bytes do not hash to its name");
        }
        if (!bytes.AsSpan().StartsWith(ObjectMagic.Snapshot))
        {
            throw VarveException.Damaged(Subject.None, "it does not start as a snapshot");
        }
        byte[] plain = objects.Open(ObjectType.Snapshot, ObjectMagic.Snapshot, bytes.AsSpan(ObjectMagic.Length));
        SnapshotCodec.Unwrap(plain, out ReadOnlySpan<byte> open, out ReadOnlySpan<byte> secret);
        Snapshot snapshot = SnapshotCodec.ParsePublic(open);
        if (!content.CanOpen) { return snapshot; }
        byte[] opened = content.OpenPrivate(open, secret);
        return snapshot with { Private = SnapshotCodec.ParsePrivate(opened) };
    }

    /// <inheritdoc/>
    public IReadOnlyList<SnapshotInfo> List(Action<VarveException> damaged)
    {
        var all = new List<SnapshotInfo>();
        foreach (StoreObject item in store.List(ObjectKeys.Snapshots))
        {
            try
            {
                if (!ObjectKeys.TryName(item.Key, out ObjectName name))
                {
                    throw VarveException.Damaged(Subject.Object(item.Key), "it is not named by a hash");
                }
                all.Add(new SnapshotInfo(name, Read(name)));
            }
            catch (VarveException e) when (e.Kind is ErrorKind.Damaged) { damaged(e); }
            catch (VarveException e) when (e.Kind is ErrorKind.NotFound)
            {
                // Forgotten between the listing and now.
            }
        }

        all.Sort(static (a, b) =>
        {
            int c = a.Snapshot.Start.CompareTo(b.Snapshot.Start);
            return c != 0 ? c : a.Name.CompareTo(b.Name);
        });
        return all;
    }
}
