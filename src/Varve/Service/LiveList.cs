using Varve.Archives.Lists;
using Varve.Backup.Live;
using Varve.Model;
using Varve.Model.Bytes;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Service;

/// <summary>Writes what a walk of a live tree finds as a list. Thread-safe as far as its workers are distinct.</summary>
internal sealed class LiveList : ILiveSink
{
    private readonly OwnerNames _owners = new();
    private readonly ListOutput[] _outputs; // of each worker
    private readonly ByteWriter[] _paths;

    /// <param name="format">The format.</param>
    /// <param name="stream">Where the list goes.</param>
    /// <param name="refused">Told of each entry that the format has no room for; one call at a time.</param>
    /// <param name="workers">How many threads walk.</param>
    internal LiveList(ListFormat format, Stream stream, Action<Failure> refused, int workers)
    {
        object gate = new();
        _outputs = [.. Enumerable.Range(0, workers).Select(_ => new ListOutput(format, stream, refused, gate))];
        _paths = [.. Enumerable.Range(0, workers).Select(static _ => new ByteWriter(4096))];
    }

    /// <inheritdoc/>
    public void Directory(int worker, ReadOnlySpan<byte> directory, EntryTable listing)
    {
        (ListOutput output, ByteWriter path) = (_outputs[worker], _paths[worker]);
        path.Clear();
        path.Raw(directory);
        if (directory.Length > 0 && directory[^1] != (byte)'/') { path.U8((byte)'/'); }
        int prefix = path.Length;
        bool hasNames = output.Format.NamesOwners;
        for (int i = 0; i < listing.Count; i++)
        {
            path.Truncate(prefix);
            path.Raw(listing.Name(i));
            ref EntryStat stat = ref listing.Stat(i);
            output.Add(path.Written, in stat, hasNames ? _owners.User(stat.Uid) : null, hasNames ? _owners.Group(stat.Gid) : null,
                Posix.DeviceNumber((uint)(stat.Device >> 32), (uint)stat.Device));
        }
    }

    /// <summary>Hands over the rest.</summary>
    internal void Finish()
    {
        foreach (ListOutput output in _outputs) { output.Flush(); }
    }
}
