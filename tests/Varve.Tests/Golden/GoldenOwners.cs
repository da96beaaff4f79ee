using Varve.Tree;

namespace Varve.Tests.Golden;

/// <summary>The owners that the leaves of a tree name.</summary>
internal sealed class GoldenOwners : IOwnerNames
{
    private readonly Dictionary<uint, byte[]> _users = [], _groups = [];

    public ReadOnlySpan<byte> User(uint uid) => _users.GetValueOrDefault(uid, []);

    public ReadOnlySpan<byte> Group(uint gid) => _groups.GetValueOrDefault(gid, []);

    internal void Note(uint uid, ReadOnlySpan<byte> user, uint gid, ReadOnlySpan<byte> group)
    {
        _users[uid] = user.ToArray();
        _groups[gid] = group.ToArray();
    }
}
