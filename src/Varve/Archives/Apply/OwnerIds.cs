using System.Text;
using Varve.Archives.Lists;
using Varve.Platform;

namespace Varve.Archives.Apply;

/// <summary>
/// The numbers of users, or of groups, that a list names: decimal digits are the number, all else is looked up on this machine, once. Not
/// thread-safe; allocates only for a name that is not the one before.
/// </summary>
internal sealed class OwnerIds(bool isGroup)
{
    private readonly Dictionary<string, uint?> _known = new(StringComparer.Ordinal);
    private byte[] _last = [];
    private uint? _lastId;

    /// <summary>The number; null if there is no such name here.</summary>
    internal uint? Find(ReadOnlySpan<byte> owner)
    {
        if (ListNumbers.TryDecimal(owner, out ulong number)) { return number < uint.MaxValue ? (uint)number : null; }
        if (owner.SequenceEqual(_last)) { return _lastId; }
        string name = Encoding.Latin1.GetString(owner);
        if (!_known.TryGetValue(name, out uint? id)) { _known[name] = id = Posix.FindId(owner, isGroup); }
        (_last, _lastId) = (owner.ToArray(), id);
        return id;
    }
}
