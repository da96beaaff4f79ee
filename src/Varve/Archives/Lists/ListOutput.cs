using System.Text;
using Varve.Model;
using Varve.Model.Bytes;

namespace Varve.Archives.Lists;

/// <summary>
/// A list that is being written: lines gather in a buffer and go to the stream by 64 KiB. What the format cannot tell is left out, counted
/// and told. Not thread-safe; several may share a stream with <see cref="Flush"/> guarded by one lock.
/// </summary>
internal sealed class ListOutput(ListFormat format, Stream stream, Action<Failure> refused, object gate)
{
    private const int Gathered = 64 << 10;

    private readonly ByteWriter _lines = new(Gathered + 4096);
    private readonly ByteWriter _owners = new();

    /// <summary>The format.</summary>
    internal ListFormat Format => format;

    /// <summary>Lines that were written.</summary>
    internal long Written { get; private set; }

    /// <summary>Writes an entry.</summary>
    internal void Add(in ListEntry entry)
    {
        if (ListWriter.Write(_lines, format, in entry) is { } wrong)
        {
            var failure = new Failure(entry.Name.ToArray(), FailedOperation.Write, 0, wrong);
            lock (gate) { refused(failure); }
            return;
        }

        Written++;
        if (_lines.Length >= Gathered) { Flush(); }
    }

    /// <summary>Writes an entry by its stat.</summary>
    /// <param name="name">Its path.</param>
    /// <param name="stat">What it is.</param>
    /// <param name="user">The owner's name, if it has one and the format is one of names.</param>
    /// <param name="group">The group's name, likewise.</param>
    /// <param name="device">The number of its file system, or null.</param>
    internal void Add(ReadOnlySpan<byte> name, in EntryStat stat, ReadOnlySpan<byte> user, ReadOnlySpan<byte> group, ulong? device)
    {
        _owners.Clear();
        if (group.IsEmpty || !format.NamesOwners) { ListNumbers.Put(_owners, stat.Gid); } else { _owners.Raw(group); }
        int end = _owners.Length;
        if (user.IsEmpty || !format.NamesOwners) { ListNumbers.Put(_owners, stat.Uid); } else { _owners.Raw(user); }
        var entry = new ListEntry
        {
            Name = name, Time = stat.Mtime, HasTime = true, Size = stat.Size, Inode = stat.Inode, Mode = (int)stat.Mode, Kind = stat.Kind,
            Group = _owners.Written[..end], User = _owners.Written[end..], Device = device,
        };
        Add(in entry);
    }

    /// <summary>The same with names as text; null: it has none.</summary>
    internal void Add(ReadOnlySpan<byte> name, in EntryStat stat, string? user, string? group)
    {
        Span<byte> room = stackalloc byte[512];
        int userEnd = Put(user, room, 0), groupEnd = Put(group, room, userEnd);
        Add(name, in stat, room[..userEnd], room[userEnd..groupEnd], device: null);

        static int Put(string? text, Span<byte> into, int at) =>
            text is not null && Encoding.UTF8.TryGetBytes(text, into[at..], out int used) ? at + used : at;
    }

    /// <summary>Hands over what was gathered.</summary>
    internal void Flush()
    {
        if (_lines.Length == 0) { return; }
        lock (gate) { stream.Write(_lines.Written); }
        _lines.Clear();
    }
}
