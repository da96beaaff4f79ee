using Varve.Model;
using Varve.Tree.Details;

namespace Varve.Maintain.Check;

/// <summary>
/// Looks for entries of one link group that are not one file (<see cref="LinkIdentity"/>), among those of a snapshot that no earlier one
/// shares. Costs some 40 bytes for each file with several names. One thread.
/// </summary>
internal sealed class LinkNames
{
    private const int MaxPaths = 20;

    private readonly Dictionary<ulong, ulong> _first = [];
    private readonly List<string> _paths = [];
    private long _count;

    /// <summary>The entries of another snapshot follow.</summary>
    internal void Clear()
    {
        _first.Clear();
        _paths.Clear();
        _count = 0;
    }

    /// <summary>Whether the entry is of the group of an earlier one and has another content; then its path is wanted.</summary>
    internal bool Differs(in EntryStat stat, ReadOnlySpan<byte> details)
    {
        ulong identity = LinkIdentity.Of(in stat, details);
        return identity != 0 && !_first.TryAdd(DetailsCodec.LinkGroup(details), identity)
            && _first[DetailsCodec.LinkGroup(details)] != identity;
    }

    /// <summary>Takes the path of an entry that differs.</summary>
    internal void Add(string path)
    {
        if (++_count <= MaxPaths) { _paths.Add(path); }
    }

    /// <summary>What is to be said of the snapshot; null if nothing.</summary>
    internal string? Note()
    {
        if (_count == 0) { return null; }
        string more = _count > _paths.Count ? $" and {_count - _paths.Count} more" : "";
        return "names of one file that have not one content, as when it changes while it is backed up; "
            + $"a restore makes files of their own of them: {string.Join(", ", _paths)}{more}";
    }
}
