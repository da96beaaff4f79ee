using System.Security.Cryptography;
using Varve.Model;
using Varve.Seal;
using Varve.Store;
using Varve.Tree;

namespace Varve.Repositories;

/// <summary>Snapshots in the repository: written once, listed, found by name.</summary>
internal static class SnapshotStore
{
    private const int MaxSnapshot = 16 << 20;

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
        byte[] bytes = repository.Store.Get(key, MaxSnapshot) ?? throw new VarveException(ErrorKind.NotFound, Subject.Snapshot(name), "does not exist", Advice.ListSnapshots);
        try { return Decode(repository, name, bytes); }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { throw e.At(Subject.Object(key)); }
    }

    private static Snapshot Decode(Repository repository, ObjectName name, byte[] bytes)
    {
        if (new ObjectName(SHA256.HashData(bytes)) != name) { throw VarveException.Damaged(Subject.None, "its bytes do not hash to its name"); }
        if (!bytes.AsSpan().StartsWith(ObjectMagic.Snapshot)) { throw VarveException.Damaged(Subject.None, "it does not start as a snapshot"); }
        byte[] plain = repository.Objects.Open(ObjectType.Snapshot, ObjectMagic.Snapshot, bytes.AsSpan(ObjectMagic.Length));
        SnapshotCodec.Unwrap(plain, out ReadOnlySpan<byte> open, out ReadOnlySpan<byte> secret);
        Snapshot snapshot = SnapshotCodec.ParsePublic(open);
        if (repository.Level != KeyLevel.Full) { return snapshot; }
        byte[] opened = SnapshotSeal.OpenPrivate(repository.Header.Id, repository.Bundle.PrivateKey!, repository.Bundle.PublicKey, open, secret);
        return snapshot with { Private = SnapshotCodec.ParsePrivate(opened) };
    }

    internal static IReadOnlyList<SnapshotInfo> List(Repository repository, Action<VarveException> damaged)
    {
        var all = new List<SnapshotInfo>();
        foreach (StoreObject item in repository.Store.List(ObjectKeys.Snapshots))
        {
            try
            {
                if (!ObjectKeys.TryName(item.Key, out ObjectName name)) { throw VarveException.Damaged(Subject.Object(item.Key), "it is not named by a hash"); }
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
                ErrorKind.NotFound, Subject.Repository(repository.Description), source is null ? "has no snapshot" : $"has no snapshot of source '{source}'", Advice.MakeSnapshot);
        }

        if (spec.Length < 4 || !spec.All(char.IsAsciiHexDigit))
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request($"'{spec}'"), "names no snapshot", Advice.NameSnapshot);
        }

        List<SnapshotInfo> hits = [.. all.Where(s => s.Name.ToString().StartsWith(spec, StringComparison.OrdinalIgnoreCase))];
        return hits.Count switch
        {
            1 => hits[0],
            0 => throw new VarveException(ErrorKind.NotFound, Subject.Request($"'{spec}'"), "begins the name of no snapshot", Advice.ListSnapshots),
            _ => throw new VarveException(ErrorKind.Usage, Subject.Request($"'{spec}'"), $"fits {hits.Count} snapshots", Advice.MoreDigits),
        };
    }
}
