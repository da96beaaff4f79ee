using System.Globalization;
using System.Text;
using Varve.Archives.Feed;
using Varve.Archives.Output;
using Varve.History.Content;
using Varve.Model;
using Varve.Platform.Files;

namespace Varve.Archives.Tar;

/// <summary>
/// Writes a tar of the pax format as GNU tar and bsdtar do and read it: extended attributes as <c>SCHILY.xattr</c>, access control lists as
/// <c>SCHILY.acl</c>, holes as <c>GNU.sparse</c> 1.0, further names of a file as hard links. What the archive says of itself stands in a
/// header for all that follows, at the beginning. Not thread-safe.
/// </summary>
internal sealed class TarWriter : IFormatWriter
{
    /// <summary>The end: two blocks of zeros, and what fills up a record.</summary>
    private const int MostEnd = 1024 + 10_240;

    /// <summary>An ACL is longer as text: 8 bytes become a tag, a name and a number.</summary>
    private const int MostAclText = 64;

    private const string AccessAcl = "system.posix_acl_access", DefaultAcl = "system.posix_acl_default";

    private readonly ITarOutput _output;
    private readonly PaxWriter _pax;
    private readonly OwnerNames _names = new();
    private readonly Dictionary<(ulong, ulong), Failure> _lost = [];
    private readonly Dictionary<(ulong, ulong), byte[]>? _firsts; // the first names that are in this tar
    private long _left, _length;
    private bool _isLink;

    /// <summary>Begins a tar.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="tellsLinks">Each name of a file comes with its content, and which are further names is told here.</param>
    internal TarWriter(ITarOutput output, bool tellsLinks)
    {
        _output = output;
        _firsts = tellsLinks ? [] : null;
        _pax = new PaxWriter(output.Stream);
        _output.Reserve(CommentReader.TarLength);
    }

    /// <inheritdoc/>
    public long Bound => _output.Bound + BlockStream.MostOf(MostEnd);

    /// <inheritdoc/>
    public void Settle() => _output.Settle();

    /// <inheritdoc/>
    public long MostOf(ArchiveJob job)
    {
        ArchiveEntry entry = job.Entry;
        long bytes = 4096 + (4 * (entry.Path.Length + entry.Target.Length)) + (entry.Segments?.Count * 42 ?? 0);
        foreach (Xattr xattr in entry.Xattrs) { bytes += 128 + xattr.Name.Length + (MostAclText * xattr.Value.Length); }
        bool isLink = _firsts is not null && _firsts.ContainsKey(entry.LinkKey);
        if (!isLink) { bytes += (job.Kind == JobKind.Begin ? entry.ContentLength : job.Length) + 512; }
        return BlockStream.MostOf(bytes);
    }

    /// <inheritdoc/>
    public void Write(ArchiveJob job)
    {
        if (_isLink && job.Kind is JobKind.Piece or JobKind.End) { return; }
        if (job.Kind == JobKind.Piece)
        {
            _output.Stream.Write(job.Bytes);
            _left -= job.Length;
            return;
        }

        if (job.Kind == JobKind.End)
        {
            Zeros(_left);
            _pax.Pad(_length);
            return;
        }

        ArchiveEntry entry = job.Entry;
        if (entry.LinkTo is not null && _lost.TryGetValue(entry.LinkKey, out Failure? first))
        {
            job.Failure ??= first with { Path = entry.Below };
        }

        if (job.Failure is not null)
        {
            if (entry.LinkKey != default) { _lost[entry.LinkKey] = job.Failure; }
            return;
        }

        if (_firsts is not null && entry.LinkKey != default && !_firsts.TryAdd(entry.LinkKey, entry.Path))
        {
            entry.LinkTo = _firsts[entry.LinkKey];
        }

        _isLink = entry.LinkTo is not null;
        WriteHeader(entry);
        if (job.Kind != JobKind.Whole || entry.Stat.Kind != EntryKind.File || entry.LinkTo is not null) { return; }
        _output.Stream.Write(job.Bytes);
        _pax.Pad(job.Length);
    }

    /// <inheritdoc/>
    public void Finish(ArchiveComment comment)
    {
        _pax.End();
        var head = new MemoryStream();
        new PaxWriter(head).Comment(comment.ToBytes(CommentReader.TarRecord - 32), CommentReader.TarRecord);
        _output.Finish(head.ToArray());
    }

    private void WriteHeader(ArchiveEntry entry)
    {
        char type = entry.LinkTo is not null ? '1' : entry.Stat.Kind switch
        {
            EntryKind.File => '0',
            EntryKind.Symlink => '2',
            EntryKind.CharDevice => '3',
            EntryKind.BlockDevice => '4',
            EntryKind.Directory => '5',
            _ => '6',
        };
        var more = new List<(string, byte[])>();
        var xattrs = new List<Xattr>();
        foreach (Xattr xattr in entry.LinkTo is null ? entry.Xattrs : [])
        {
            string name = Encoding.UTF8.GetString(xattr.Name);
            byte[]? acl = name is AccessAcl or DefaultAcl ? AclText.Of(xattr.Value, _names) : null;
            if (acl is null) { xattrs.Add(xattr); }
            else { more.Add((name == AccessAcl ? "SCHILY.acl.access" : "SCHILY.acl.default", acl)); }
        }

        ReadOnlySpan<byte> link = entry.LinkTo ?? entry.Target;
        long size = type == '0' ? entry.ContentLength : 0;
        if (type != '0' || entry.Segments is null)
        {
            _pax.Header(type, entry.Path, link, in entry.Stat, size, entry.Owners, xattrs, more);
            (_length, _left) = (size, size);
            return;
        }

        byte[] map = Map(entry);
        more.Insert(0, ("GNU.sparse.major", "1"u8.ToArray()));
        more.Insert(1, ("GNU.sparse.minor", "0"u8.ToArray()));
        more.Insert(2, ("GNU.sparse.name", entry.Path));
        more.Insert(3, ("GNU.sparse.realsize", Encoding.ASCII.GetBytes(entry.Stat.Size.ToString(CultureInfo.InvariantCulture))));
        int slash = entry.Path.AsSpan().LastIndexOf((byte)'/') + 1;
        byte[] path = [.. entry.Path.AsSpan(0, slash), .. "GNUSparseFile.0/"u8, .. entry.Path.AsSpan(slash)];
        _pax.Header(type, path, link, in entry.Stat, map.Length + size, entry.Owners, xattrs, more);
        _output.Stream.Write(map);
        (_length, _left) = (size, size); // the map fills blocks
    }

    /// <summary>Where there is data, as decimal numbers, each on a line; filled up to whole blocks.</summary>
    private static byte[] Map(ArchiveEntry entry)
    {
        IReadOnlyList<(long Offset, long Length)> segments = entry.Segments!;
        bool endsInHole = segments.Count == 0 || segments[^1].Offset + segments[^1].Length < entry.Stat.Size;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{segments.Count + (endsInHole ? 1 : 0)}\n");
        foreach ((long offset, long length) in segments) { text.Append(CultureInfo.InvariantCulture, $"{offset}\n{length}\n"); }
        if (endsInHole) { text.Append(CultureInfo.InvariantCulture, $"{entry.Stat.Size}\n0\n"); }
        var map = new byte[(text.Length + 511) / 512 * 512];
        Encoding.ASCII.GetBytes(text.ToString(), map);
        return map;
    }

    private void Zeros(long count)
    {
        for (byte[] zeros = new byte[Math.Min(Math.Max(count, 0), 1 << 16)]; count > 0; count -= zeros.Length)
        {
            _output.Stream.Write(zeros.AsSpan(0, (int)Math.Min(count, zeros.Length)));
        }
    }
}
