using System.Globalization;
using Varve.Archives.Tar;
using Varve.Model;
using Varve.Platform;
using Varve.Restore.Entries;

namespace Varve.Archives.Extract;

/// <summary>
/// Extracts a tar, an entry after the other. Symlinks come last, so that none that the archive makes is on the way to anything. One thread.
/// </summary>
internal sealed class TarExtraction(Stream input, long archiveLength, ExtractOptions options, ExtractTarget target, ExtractTally tally)
{
    private const int MostSmall = 4 << 20;

    private readonly TarReader _tar = new(input);
    private readonly List<(TarEntry Entry, byte[][] Parts)> _links = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, uint?> _users = [], _groups = [];
    private byte[] _buffer = new byte[256 << 10];
    private long _entries, _bytes;

    /// <summary>Extracts it. An archive that is damaged somewhere is extracted up to there.</summary>
    /// <exception cref="VarveException">Storage: the target is full. Usage: it has more than the limits allow.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal void Run(CancellationToken cancelled)
    {
        try
        {
            while (_tar.Next() is { } entry)
            {
                cancelled.ThrowIfCancellationRequested();
                Extract(entry);
            }
        }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { target.Fail([], e.Message); }
        catch (InvalidDataException) { target.Fail([], "the archive cannot be unpacked any further: it is damaged"); }

        foreach ((TarEntry entry, byte[][] parts) in _links)
        {
            bool isThere = entry.IsFurtherName ? target.Link(entry.Path, parts, ExtractPath.Split(entry.Link, out _) ?? [])
                : target.MakeOther(entry.Path, parts, in entry.Stat, Details(entry)!, hasOwner: true, remembers: true);
            if (isThere) { tally.Add(entry.IsFurtherName ? EntryKind.File : entry.Stat.Kind, 0); }
        }
    }

    private void Extract(TarEntry entry)
    {
        if (++_entries > options.Limits.Entries) { throw TooMuch("entries", options.Limits.Entries); }
        byte[][]? parts = ExtractPath.Split(entry.Path, out string problem);
        if (parts is { Length: 0 } && entry.Stat.Kind != EntryKind.Directory) { (parts, problem) = (null, "it has no name"); }
        if (entry.Refused is not null || parts is null)
        {
            target.Fail(entry.Path, entry.Refused ?? problem);
            return;
        }

        if (entry.Stat.Kind != EntryKind.Directory && !_seen.Add(ExtractPath.Key(parts)))
        {
            target.Fail(entry.Path, "the archive has several entries of that name: this is the first");
            return;
        }

        SetOwners(entry);
        switch (entry.Stat.Kind)
        {
            case EntryKind.Directory:
                bool isThere = target.MakeDirectory(entry.Path, parts, in entry.Stat, Details(entry), hasOwner: true);
                if (isThere) { tally.Add(EntryKind.Directory, 0); }
                break;
            case EntryKind.Symlink:
                _links.Add((entry, parts));
                break;
            case EntryKind.File when entry.IsFurtherName:
                // Of a symlink it waits for that.
                byte[][]? to = ExtractPath.Split(entry.Link, out _);
                if (to is null) { target.Fail(entry.Path, "what it is a further name of lies outside the target"); }
                else if (!target.Has(to)) { _links.Add((entry, parts)); }
                else if (target.Link(entry.Path, parts, to)) { tally.Add(EntryKind.File, 0); }
                break;
            case EntryKind.File:
                if (ExtractFile(entry, parts)) { tally.Add(EntryKind.File, entry.Stat.Size); }
                break;
            default:
                EntryDetails details = Details(entry) ?? new EntryDetails();
                isThere = target.MakeOther(entry.Path, parts, in entry.Stat, details, hasOwner: true, remembers: true);
                if (isThere) { tally.Add(entry.Stat.Kind, 0); }
                break;
        }
    }

    private bool ExtractFile(TarEntry entry, byte[][] parts)
    {
        _bytes = Model.Bounds.Saturating.Add(_bytes, entry.DataLength);
        long most = options.Limits.MostOf(archiveLength);
        if (_bytes > most) { throw TooMuch("bytes", most); }
        if (entry.Segments is null && entry.DataLength <= MostSmall)
        {
            if (_buffer.Length < entry.DataLength) { _buffer = new byte[entry.DataLength]; }
            int length = 0;
            while (length < entry.DataLength) { length += _tar.Read(_buffer.AsSpan(length)); }
            ReadOnlySpan<byte> content = _buffer.AsSpan(0, length);
            return target.WriteSmall(entry.Path, parts, content, in entry.Stat, Details(entry), hasOwner: true, remembers: true);
        }

        using RestoredFile? large = target.Create(entry.Path, parts, entry.Stat.Size, hasOwner: true);
        if (large is null) { return false; }
        foreach ((long offset, long length) in entry.Segments ?? [(0, entry.Stat.Size)])
        {
            for (long done = 0; done < length;)
            {
                int read = _tar.Read(_buffer.AsSpan(0, (int)Math.Min(_buffer.Length, length - done)));
                if (large.WriteAt(_buffer.AsSpan(0, read), offset + done) is { Ok: false } outcome)
                {
                    target.Fail(entry.Path, outcome.Message);
                    return false;
                }

                done += read;
            }
        }

        return target.Finish(entry.Path, parts, large, in entry.Stat, Details(entry), remembers: true);
    }

    private static EntryDetails? Details(TarEntry entry)
    {
        bool isLink = entry.Stat.Kind == EntryKind.Symlink;
        if (!isLink && entry.Xattrs.Count == 0) { return null; }
        return new EntryDetails { Xattrs = entry.Xattrs, SymlinkTarget = isLink ? entry.Link : null };
    }

    private void SetOwners(TarEntry entry)
    {
        if (options.NumericOwner) { return; }
        entry.Stat.Uid = IdOf(_users, entry.Owners.User, isGroup: false) ?? entry.Stat.Uid;
        entry.Stat.Gid = IdOf(_groups, entry.Owners.Group, isGroup: true) ?? entry.Stat.Gid;
    }

    private static uint? IdOf(Dictionary<string, uint?> known, byte[] name, bool isGroup)
    {
        if (name.Length == 0) { return null; }
        string key = System.Text.Encoding.Latin1.GetString(name);
        if (!known.TryGetValue(key, out uint? id)) { known[key] = id = Posix.FindId(name, isGroup); }
        return id;
    }

    private VarveException TooMuch(string what, long most) => new(ErrorKind.Usage, Subject.Path(options.Archive),
        string.Create(CultureInfo.InvariantCulture, $"holds more than {most} {what}, which are allowed"), Advice.SeeHelp);
}
