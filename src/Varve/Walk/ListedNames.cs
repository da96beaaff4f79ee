using Varve.Model;

namespace Varve.Walk;

/// <summary>
/// Tells whether names that were listed and stats that were taken after that are of one state of the directory. What a listing names by an
/// inode number must be found under some name: if it is not, it was renamed, or is gone. Nothing is allocated while all is as it should be.
/// Not thread-safe: one for each lister.
/// </summary>
/// <remarks>
/// Some file systems list inode numbers that no stat shows (overlayfs, FUSE). That the same name shows the same two numbers twice tells it;
/// then their listings are believed.
/// </remarks>
internal sealed class ListedNames
{
    private readonly HashSet<ulong> _missed = [];
    private ulong _device, _unlikeListings;
    private bool _knowsUnlike;
    private int _found, _unlike;
    private (ulong Listed, ulong Found) _firstUnlike, _unlikeBefore;

    /// <summary>The numbers that were listed and found under no name.</summary>
    internal IReadOnlyCollection<ulong> Missed => _missed;

    /// <summary>A directory of that device is listed.</summary>
    internal void Begin(ulong device)
    {
        (_device, _firstUnlike) = (device, default);
        Again();
    }

    /// <summary>It is listed once more.</summary>
    internal void Again()
    {
        _missed.Clear();
        (_unlikeBefore, _firstUnlike) = (_firstUnlike, default);
        (_found, _unlike) = (0, 0);
    }

    /// <summary>A listed name is gone.</summary>
    internal void Gone(in NameSlot slot)
    {
        if (slot.Inode != 0) { _missed.Add(slot.Inode); }
    }

    /// <summary>What a listed name stands for.</summary>
    internal void Found(in NameSlot slot, in EntryStat stat)
    {
        _found++;
        // What is mounted there has other numbers.
        if (slot.Inode == stat.Inode || slot.Inode == 0 || stat.Device != _device) { return; }
        if (_knowsUnlike && _unlikeListings == _device) { return; }
        _unlike++;
        if (_firstUnlike == default) { _firstUnlike = (slot.Inode, stat.Inode); }
        _missed.Add(slot.Inode);
    }

    /// <summary>
    /// Whether all that was listed was found; <paramref name="stats"/> are those of the first <paramref name="count"/> of an order.
    /// </summary>
    internal bool IsOneState(EntryStat[] stats, int[] order, int count)
    {
        if (_missed.Count == 0) { return true; }
        if (_firstUnlike != default && _firstUnlike == _unlikeBefore)
        {
            if (_unlike == _found) { (_knowsUnlike, _unlikeListings) = (true, _device); }
            _missed.Clear();
            return true;
        }

        for (int i = 0; i < count; i++) { _missed.Remove(stats[order[i]].Inode); }
        return _missed.Count == 0;
    }
}
