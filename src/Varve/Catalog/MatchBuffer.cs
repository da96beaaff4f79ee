using Varve.Catalog.Rows;
using Varve.Model;

namespace Varve.Catalog;

/// <summary>Revisions that a search found, one after the other, in memory that is used again. Not thread-safe.</summary>
internal sealed class MatchBuffer
{
    private readonly List<Entry> _entries = [];
    private byte[] _bytes = new byte[1 << 12];
    private int _used;

    private readonly record struct Entry(
        long Source, long Directory, long First, long Last, EntryStat Stat, EntryFlags Flags, int At, int Name, int Path, int Details);

    /// <summary>How many there are.</summary>
    internal int Count => _entries.Count;

    /// <summary>Adds a copy of one.</summary>
    internal void Add(in MatchedRevision r)
    {
        _entries.Add(new Entry(
            r.Source, r.Directory, r.First, r.Last, r.Stat, r.Flags, _used, r.Name.Length, r.Path.Length, r.Details.Length));
        Append(r.Name);
        Append(r.Path);
        Append(r.Details);
    }

    /// <summary>One of them; its spans are valid until the next <see cref="Add"/> or <see cref="Clear"/>.</summary>
    internal MatchedRevision At(int index)
    {
        Entry e = _entries[index];
        ReadOnlySpan<byte> bytes = _bytes.AsSpan(e.At);
        return new MatchedRevision
        {
            Source = e.Source, Directory = e.Directory, Name = bytes[..e.Name], Path = bytes.Slice(e.Name, e.Path), First = e.First,
            Last = e.Last, Stat = e.Stat, Flags = e.Flags, Details = bytes.Slice(e.Name + e.Path, e.Details),
        };
    }

    /// <summary>Forgets them and keeps the memory.</summary>
    internal void Clear()
    {
        _entries.Clear();
        _used = 0;
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_bytes.Length - _used < bytes.Length) { Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _used + bytes.Length)); }
        bytes.CopyTo(_bytes.AsSpan(_used));
        _used += bytes.Length;
    }
}
