using Varve.Model;
using Varve.Walk;

namespace Varve.Archives.Digest;

/// <summary>Files of one directory that one thread hashes, one after the other. Holds the directory open until it is released.</summary>
internal sealed class ContentBatch
{
    private const int MostFiles = 64;
    private const long MostBytes = 4 << 20;

    private readonly EntryTable _files = new();
    private readonly List<int> _places = [];
    private long _bytes;

    internal ContentBatch(DigestNode node, DirectoryHandle directory)
    {
        directory.AddRef();
        (Node, Directory) = (node, directory);
    }

    /// <summary>The directory they are in.</summary>
    internal DigestNode Node { get; }

    /// <summary>The same, open.</summary>
    internal DirectoryHandle Directory { get; }

    /// <summary>How many there are.</summary>
    internal int Count => _places.Count;

    /// <summary>Whether it is enough for a thread.</summary>
    internal bool IsFull => Count >= MostFiles || _bytes >= MostBytes;

    /// <summary>One more, whose record begins at <paramref name="place"/>.</summary>
    internal void Add(int place, ReadOnlySpan<byte> name, in EntryStat stat)
    {
        _files.Add(name, in stat);
        _places.Add(place);
        _bytes += stat.Size;
    }

    /// <summary>Where the record of a file begins.</summary>
    internal int Place(int i) => _places[i];

    /// <summary>The name of a file.</summary>
    internal ReadOnlySpan<byte> Name(int i) => _files.Name(i);

    /// <summary>What the listing says of a file.</summary>
    internal ref EntryStat Stat(int i) => ref _files.Stat(i);
}
