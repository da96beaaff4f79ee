using Varve.Catalog.Rows;
using Varve.Model;
using Varve.Model.Bytes;

namespace Varve.Catalog;

/// <summary>Revisions that a search found, one after the other, in memory that is used again. Not thread-safe.</summary>
internal sealed class MatchBuffer
{
    private readonly List<Entry> _entries = [];
    private readonly ByteWriter _bytes = new(1 << 12);

    private readonly record struct Entry(
        long Source, long Directory, long First, long Last, EntryStat Stat, EntryFlags Flags, int At, int Name, int Path, int Details);

    /// <summary>How many there are.</summary>
    internal int Count => _entries.Count;

    /// <summary>Adds a copy of one.</summary>
    internal void Add(in MatchedRevision r)
    {
        _entries.Add(new Entry(
            r.Source, r.Directory, r.First, r.Last, r.Stat, r.Flags, _bytes.Length, r.Name.Length, r.Path.Length, r.Details.Length));
        _bytes.Raw(r.Name);
        _bytes.Raw(r.Path);
        _bytes.Raw(r.Details);
    }

    /// <summary>One of them; its spans are valid until the next <see cref="Add"/> or <see cref="Clear"/>.</summary>
    internal MatchedRevision At(int index)
    {
        Entry e = _entries[index];
        ReadOnlySpan<byte> bytes = _bytes.Written[e.At..];
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
        _bytes.Clear();
    }
}
