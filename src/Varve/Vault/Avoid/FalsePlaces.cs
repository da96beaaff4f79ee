using System.Security.Cryptography;
using Varve.Format;
using Varve.Model;
using Varve.Platform.Files;

namespace Varve.Vault.Avoid;

/// <summary>
/// What was found out about packs and runs of others on this machine, for good: packs of which a chunk is not what its id says, runs that
/// say of a pack what its footer does not, and packs that were read and verified. All of it was proved by what is authentic and never
/// changes, so it is kept in the repository's cache. Not thread-safe: the index set's lock is held.
/// </summary>
internal sealed class FalsePlaces(PrivateDirectory cache, Action<Notice>? warn)
{
    private const string PackFile = "false-packs", RunFile = "false-runs", VerifiedFile = "verified-packs";

    private readonly HashSet<ObjectName> _packs = NameList.Read(cache, PackFile);
    private readonly HashSet<ObjectName> _runs = NameList.Read(cache, RunFile);
    private HashSet<ObjectName>? _verified;
    private bool _isSaved = true;

    /// <summary>Packs of which a chunk is not what its id says.</summary>
    internal IReadOnlySet<ObjectName> Packs => _packs;

    /// <summary>Runs that say of a pack what its footer does not.</summary>
    internal IReadOnlySet<ObjectName> Runs => _runs;

    private HashSet<ObjectName> Verified => _verified ??= NameList.Read(cache, VerifiedFile);

    /// <summary>A chunk of a pack is not what its id says; false if that is known.</summary>
    internal bool AddPack(ObjectName pack) =>
        Add(_packs, PackFile, pack, ObjectKeys.Pack(pack), "holds a chunk that is not what its id says; it is read last, and not relied on");

    /// <summary>A run says of a pack what its footer does not; false if that is known.</summary>
    internal bool AddRun(ObjectName run) =>
        Add(_runs, RunFile, run, ObjectKeys.Run(run), "says of a pack what that does not hold; it is left out");

    /// <summary>Whether a pack was verified, and holds what is listed.</summary>
    internal bool IsVerified(ObjectName pack, in Bytes32 listed) => Verified.Contains(KeyOf(pack, in listed));

    /// <summary>A pack was verified; false if that is known. Kept when <see cref="Save"/> is called.</summary>
    internal bool AddVerified(ObjectName pack, in Bytes32 listed)
    {
        bool isNew = Verified.Add(KeyOf(pack, in listed));
        _isSaved &= !isNew;
        return isNew;
    }

    /// <summary>Keeps which packs were verified.</summary>
    internal void Save()
    {
        if (_isSaved) { return; }
        NameList.Write(cache, VerifiedFile, Verified);
        _isSaved = true;
    }

    // Any change to either is another pack that nobody verified.
    private static ObjectName KeyOf(ObjectName pack, in Bytes32 listed)
    {
        Span<byte> both = stackalloc byte[2 * Bytes32.Size];
        pack.Value.CopyTo(both);
        listed.CopyTo(both[Bytes32.Size..]);
        return new ObjectName(SHA256.HashData(both));
    }

    private bool Add(HashSet<ObjectName> known, string file, ObjectName name, string key, string what)
    {
        if (!known.Add(name)) { return false; }
        warn?.Invoke(new Notice(Subject.Object(key), what));
        NameList.Write(cache, file, known);
        return true;
    }
}
