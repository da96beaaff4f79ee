using System.Security.Cryptography;
using Varve.Format;
using Varve.Model;
using Varve.Seal;
using Varve.Store;
using Varve.Tree;

namespace Varve.Repositories;

/// <summary>Snapshots in the repository: written once, listed, found by name.</summary>
internal static class SnapshotStore
{
    /// <summary>Encodes and seals a snapshot: its bytes and the name they give it.</summary>
    internal static (ObjectName Name, byte[] Bytes) Seal(Repository repository, Snapshot snapshot)
    {
        byte[] open = SnapshotCodec.EncodePublic(snapshot);
        byte[] secret = SnapshotCodec.EncodePrivate(snapshot.Private ?? throw new ArgumentException("a writer knows the private part", nameof(snapshot)));
        byte[] sealedSecret = SnapshotSeal.SealPrivate(repository.Header.Id, repository.Bundle.PublicKey, open, secret);
        byte[] body = repository.Objects.Seal(ObjectType.Snapshot, ObjectMagic.Snapshot, SnapshotCodec.Wrap(open, sealedSecret));
        byte[] bytes = [.. ObjectMagic.Snapshot, .. body];
        return (new ObjectName(SHA256.HashData(bytes)), bytes);
    }

    /// <summary>Reads one snapshot; the private part only with the full key.</summary>
    internal static Snapshot Read(Repository repository, ObjectName name)
    {
        string key = ObjectKeys.Snapshot(name);
        byte[] bytes = repository.Store.Get(key, Limits.MaxSnapshot) ?? throw new VarveException(ErrorKind.NotFound, $"there is no snapshot {name}");
        if (new ObjectName(SHA256.HashData(bytes)) != name) { throw VarveException.Damaged(key, "its bytes do not hash to its name"); }
        if (!bytes.AsSpan().StartsWith(ObjectMagic.Snapshot)) { throw VarveException.Damaged(key, "it does not start as a snapshot"); }
        byte[] plain = repository.Objects.Open(ObjectType.Snapshot, ObjectMagic.Snapshot, bytes.AsSpan(ObjectMagic.Length));
        SnapshotCodec.Unwrap(plain, name, out ReadOnlySpan<byte> open, out ReadOnlySpan<byte> secret);
        Snapshot snapshot = SnapshotCodec.ParsePublic(open, name);
        if (repository.Level != KeyLevel.Full) { return snapshot; }
        byte[] opened = SnapshotSeal.OpenPrivate(repository.Header.Id, repository.Bundle.PrivateKey!, repository.Bundle.PublicKey, open, secret);
        return snapshot with { Private = SnapshotCodec.ParsePrivate(opened, name) };
    }

    internal static IReadOnlyList<SnapshotInfo> List(Repository repository, Action<VarveException> damaged)
    {
        var all = new List<SnapshotInfo>();
        foreach (StoreObject item in repository.Store.List(ObjectKeys.Snapshots))
        {
            try
            {
                if (!ObjectKeys.TryName(item.Key, out ObjectName name)) { throw VarveException.Damaged(item.Key, "it is not named by a hash"); }
                all.Add(new SnapshotInfo(name, Read(repository, name)));
            }
            catch (VarveException e) when (e.Kind is ErrorKind.Damaged)
            {
                damaged(e);
            }
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

    internal static SnapshotInfo Find(Repository repository, string spec, string? source)
    {
        IEnumerable<SnapshotInfo> all = repository.Snapshots();
        if (source is not null) { all = all.Where(s => s.Snapshot.Private?.Source == source); }
        if (spec == "latest")
        {
            return all.LastOrDefault() ?? throw new VarveException(
                ErrorKind.NotFound, source is null ? "the repository has no snapshot" : $"there is no snapshot of source '{source}'", "Make one with: varve backup PATH");
        }

        if (spec.Length < 4 || !spec.All(char.IsAsciiHexDigit))
        {
            throw new VarveException(ErrorKind.Usage, $"'{spec}' names no snapshot", "Give 'latest' or at least 4 digits of a name that 'varve snapshots' shows.");
        }

        List<SnapshotInfo> hits = [.. all.Where(s => s.Name.ToString().StartsWith(spec, StringComparison.OrdinalIgnoreCase))];
        return hits.Count switch
        {
            1 => hits[0],
            0 => throw new VarveException(ErrorKind.NotFound, $"there is no snapshot {spec}", "'varve snapshots' lists them."),
            _ => throw new VarveException(ErrorKind.Usage, $"'{spec}' fits {hits.Count} snapshots", "Give more digits."),
        };
    }
}
