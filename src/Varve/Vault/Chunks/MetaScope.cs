using Varve.Model;
using Varve.Tree.Lists;

namespace Varve.Vault.Chunks;

/// <summary>
/// One thread's way to meta chunks: what <see cref="Fetch"/> returned is valid until <see cref="Reset"/>. Holds few blocks; a reading that
/// needs more at one time (a directory of very many names) leaves the oldest to the collector.
/// </summary>
internal sealed class MetaScope
{
    private const int MaxHeld = 2;

    private readonly MetaReader _reader;
    private readonly MetaBlock?[] _held = new MetaBlock?[MaxHeld];
    private int _next;

    internal MetaScope(MetaReader reader)
    {
        _reader = reader;
        Fetch = id => reader.Read(id, this);
    }

    /// <summary>For tree readers.</summary>
    internal FetchMeta Fetch { get; }

    /// <summary>Nothing that was fetched is in use any more.</summary>
    internal void Reset()
    {
        foreach (ref MetaBlock? block in _held.AsSpan())
        {
            if (block is not null) { _reader.Release(block); }
            block = null;
        }
    }

    /// <summary>Under the reader's lock: whether this holds the block from now on; false if it does already.</summary>
    internal bool Takes(MetaBlock block)
    {
        if (Array.IndexOf(_held, block) >= 0) { return false; }
        ref MetaBlock? place = ref _held[_next];
        if (place is not null) { (place.Escaped, place.Users) = (true, place.Users - 1); }
        place = block;
        _next = (_next + 1) % MaxHeld;
        return true;
    }
}
