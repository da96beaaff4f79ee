using System.Security.Cryptography;
using Varve.Format;
using Varve.Model;
using Varve.Store;
using Varve.Store.Remote;

namespace Varve.App.Serve;

/// <summary>
/// What those who are served may do. Nothing rests on what they say of themselves: objects are put under the hash of their bytes, none is
/// overwritten, and who owns a session shows the secret that its name was made of. Immutable.
/// </summary>
internal sealed record ServeRights
{
    /// <summary>Nothing that is there is replaced or removed, and only what a backup makes is put.</summary>
    internal bool AppendOnly { get; init; }

    /// <summary>Whether names must be those of a repository's objects. Tests of stores as such have others.</summary>
    internal bool ChecksNames { get; init; } = true;

    /// <summary>Throws unless an object of this key may be put.</summary>
    internal void CheckPut(IStore store, string key, string? owner)
    {
        if (ChecksNames && !StoreKey.IsMutable(key) && !ObjectKeys.TryName(key, out _)) { throw Refused(key, "is no name of an object"); }
        if (StoreKey.IsMutable(key)) { CheckMutable(key, owner, isReplaced: false); }
        if (!AppendOnly || StoreKey.IsMutable(key)) { return; }
        bool isKey = key.StartsWith(ObjectKeys.Keys, StringComparison.Ordinal);
        if (isKey && store.List(ObjectKeys.Snapshots).Any())
        {
            throw Refused(key, "is not taken: keys are added before the first snapshot, or by who may do everything");
        }

        if (!isKey && !key.StartsWith(ObjectKeys.Packs, StringComparison.Ordinal)
            && !key.StartsWith(ObjectKeys.Index, StringComparison.Ordinal) && !key.StartsWith(ObjectKeys.Snapshots, StringComparison.Ordinal))
        {
            throw Refused(key, "is not taken: here packs, index runs and snapshots are added, and nothing else");
        }
    }

    /// <summary>Throws unless the object may be replaced.</summary>
    internal void CheckReplace(string key, string? owner)
    {
        StoreKey.CheckMutable(key);
        CheckMutable(key, owner, isReplaced: true);
    }

    /// <summary>Throws unless the object may be removed.</summary>
    internal void CheckDelete(string key, string? owner)
    {
        StoreKey.Check(key);
        if (AppendOnly && !Owns(key, owner)) { throw Refused(key, "is not removed: whoever came this way in only adds"); }
    }

    /// <summary>Throws unless the bytes of the object are those that it is named by.</summary>
    internal void CheckHash(string key, IncrementalHash hash)
    {
        if (!ChecksNames) { return; }
        if (!new ObjectName(new Bytes32(hash.GetHashAndReset())).Equals(ObjectKeys.Name(key)))
        {
            throw Refused(key, "is not taken: its bytes are not those that it is named by");
        }
    }

    private void CheckMutable(string key, string? owner, bool isReplaced)
    {
        if (ChecksNames && key != ObjectKeys.Header && !ObjectKeys.IsSession(key)) { throw Refused(key, "is no name of an object"); }
        if (!AppendOnly || Owns(key, owner) || (key == ObjectKeys.Header && !isReplaced)) { return; }
        throw Refused(key, isReplaced ? "is not replaced: whoever came this way in only adds" : "is not taken: it is nobody's session");
    }

    private static bool Owns(string key, string? owner) => ObjectKeys.IsSession(key) && owner is not null
        && OwnedNames.NameOf(owner) is { } name && key.AsSpan(ObjectKeys.Sessions.Length).SequenceEqual(name);

    private static VarveException Refused(string key, string what) =>
        new(ErrorKind.Storage, Subject.Object(key, ""), what, Advice.UseFullAccess);
}
