using System.Collections.Concurrent;
using System.Text;
using Varve.Platform;

namespace Varve.Restore.Plan;

/// <summary>
/// Translates the owners of a snapshot. Asked once per owner of a tree leaf, not per file; each name is looked up on this machine once.
/// Numbers inside ACLs are not translated. Thread-safe.
/// </summary>
internal sealed class OwnerMap
{
    /// <summary>So many answers of each sort are remembered.</summary>
    private const int Bound = 65_536;

    private readonly OwnerMapping _mapping;
    private readonly ConcurrentDictionary<string, uint?> _users = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, uint?> _groups = new(StringComparer.Ordinal);

    /// <summary>Creates it.</summary>
    public OwnerMap(OwnerMapping mapping = OwnerMapping.Numeric) => _mapping = mapping;

    /// <summary>The user id to set for a stored id and name (empty if it had none). Root stays root.</summary>
    public uint User(uint uid, ReadOnlySpan<byte> name) => Map(_users, uid, name, group: false);

    /// <summary>The group id to set for a stored id and name (empty if it had none). Group 0 stays group 0.</summary>
    public uint Group(uint gid, ReadOnlySpan<byte> name) => Map(_groups, gid, name, group: true);

    private uint Map(ConcurrentDictionary<string, uint?> known, uint id, ReadOnlySpan<byte> name, bool group)
    {
        if (_mapping == OwnerMapping.Numeric || id == 0 || name.IsEmpty) { return id; }

        // Latin-1 keeps every byte apart.
        string text = Encoding.Latin1.GetString(name);
        if (known.TryGetValue(text, out uint? found)) { return found ?? id; }
        found = Posix.FindId(name, group);
        if (found == Posix.KeepId) { found = null; } // nobody's number: the owner would stay as it is
        if (known.Count < Bound) { known[text] = found; }
        return found ?? id;
    }
}
