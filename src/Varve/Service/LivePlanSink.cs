using Varve.Archives.Lists;
using Varve.Archives.Plan;
using Varve.Backup.Live;
using Varve.Model;
using Varve.Model.Bytes;
using Varve.Model.Rules;

namespace Varve.Service;

/// <summary>Gives a plan what a walk of a live tree finds. Thread-safe as far as its workers are distinct.</summary>
internal sealed class LivePlanSink(Planner planner, PathMapping mapping, int workers) : ILiveSink
{
    private readonly ByteWriter[] _paths = [.. Enumerable.Range(0, workers).Select(static _ => new ByteWriter(4096))];

    /// <inheritdoc/>
    public void Directory(int worker, ReadOnlySpan<byte> directory, EntryTable listing)
    {
        ByteWriter path = _paths[worker];
        path.Clear();
        path.Raw(directory);
        if (directory.Length > 0 && directory[^1] != (byte)'/') { path.U8((byte)'/'); }
        int prefix = path.Length;
        for (int i = 0; i < listing.Count; i++)
        {
            ref EntryStat stat = ref listing.Stat(i);
            path.Truncate(prefix);
            path.Raw(listing.Name(i));
            var entry = new ListEntry { Name = path.Written, Time = stat.Mtime, HasTime = true, Size = stat.Size, Kind = stat.Kind };
            planner.AddThere(in entry, mapping, isWalked: true);
        }
    }
}
