using System.Security.Cryptography;
using Varve.App.Settings.Configuration;
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
    private const string OnlyReads = "is not taken: whoever came this way in only reads";

    /// <summary>What may be done.</summary>
    internal ServeMode Mode { get; init; } = ServeMode.Full;

    /// <summary>Whether names must be those of a repository's objects. Tests of stores as such have others.</summary>
    internal bool ChecksNames { get; init; } = true;

    /// <summary>How much may be there; null: as much as fits.</summary>
    internal ServeQuota? Quota { get; init; }

    /// <summary>Takes room for an object that is put; the quota, if there is one, is told what became of it.</summary>
    /// <exception cref="VarveException">Storage: there is none.</exception>
    internal void TakeRoom(IStore store, string key, long length)
    {
        if (Quota?.Take(store, length) == false)
        {
            throw new VarveException(ErrorKind.Storage, Subject.Object(key, ""),
                $"is not taken: the repository would have more than the {Quota.Most} bytes that it may have", Advice.FreeStore);
        }
    }

    /// <summary>Throws unless an object of this key may be put.</summary>
    internal void CheckPut(IStore store, string key, string? owner)
    {
        if (ChecksNames && !StoreKey.IsMutable(key) && !ObjectKeys.TryName(key, out _)) { throw Refused(key, "is no name of an object"); }
        if (StoreKey.IsMutable(key)) { CheckMutable(key, owner, isReplaced: false); }
        if (Mode == ServeMode.Read) { throw Refused(key, OnlyReads); }
        if (Mode == ServeMode.Full || StoreKey.IsMutable(key)) { return; }
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
        if (Mode == ServeMode.Full || (Mode == ServeMode.Append && Owns(key, owner))) { return; }
        throw Refused(key, "is not removed: whoever came this way in only " + (Mode == ServeMode.Append ? "adds" : "reads"));
    }

    /// <summary>Throws unless many objects may be removed at once. No session is among them: its owner shows himself for one.</summary>
    internal void CheckDeletions()
    {
        if (Mode != ServeMode.Full) { throw Refused(ObjectKeys.Packs, "are not removed: whoever came this way in does not"); }
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
        if (Mode == ServeMode.Read) { throw Refused(key, OnlyReads); }
        if (Mode == ServeMode.Full || Owns(key, owner) || (key == ObjectKeys.Header && !isReplaced)) { return; }
        throw Refused(key, isReplaced ? "is not replaced: whoever came this way in only adds" : "is not taken: it is nobody's session");
    }

    private static bool Owns(string key, string? owner) => ObjectKeys.IsSession(key) && owner is not null
        && OwnedNames.NameOf(owner) is { } name && key.AsSpan(ObjectKeys.Sessions.Length).SequenceEqual(name);

    private static VarveException Refused(string key, string what) =>
        new(ErrorKind.Storage, Subject.Object(key, ""), what, Advice.UseFullAccess);
}
