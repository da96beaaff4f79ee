using Varve.Restore.Target;

namespace Varve.Restore.Place;

/// <summary>
/// Files of the target with several names, and which entry of the snapshot each is to be: two entries that are one file in the target and
/// two in the snapshot must become two. Costs some 60 bytes for each such file. One thread.
/// </summary>
internal sealed class LinkClaims
{
    private readonly Dictionary<TargetFileId, ulong> _claims = [];
    private ulong _next;

    /// <summary>Whether the file may be that entry: nobody claimed it, or another name of the same link group did.</summary>
    internal bool MayBe(TargetFileId id, ulong group) => !_claims.TryGetValue(id, out ulong owner) || group != 0 && owner == group;

    /// <summary>It is. Groups are odd; an entry without one is claimed by a number of its own.</summary>
    internal void Take(TargetFileId id, ulong group) => _claims.TryAdd(id, group != 0 ? group : _next += 2);
}
