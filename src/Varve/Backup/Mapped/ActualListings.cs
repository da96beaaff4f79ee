using Varve.Backup.Passes;
using Varve.Model;
using Varve.Model.Rules;
using Varve.Walk;

namespace Varve.Backup.Mapped;

/// <summary>
/// Lists directories that a walk has found, and keeps the listings of some: where the entries of one lie in many directories of the source
/// it is not listed for each. Used by one thread.
/// </summary>
internal sealed class ActualListings(BackupPass pass, MappedPaths paths, ActualHandles handles) : IDisposable
{
    private const int MostEntries = 1 << 17; // some 40 MB

    private readonly DirectoryLister _lister = new();
    private readonly Dictionary<ActualDirectory, ActualListing> _kept = [];
    private readonly Queue<ActualDirectory> _order = new();
    private long _entries;

    /// <summary>What a directory has; the same again as long as it is kept. Valid until the next call.</summary>
    internal ActualListing Of(ActualDirectory actual)
    {
        if (_kept.TryGetValue(actual, out ActualListing? listing)) { return listing; }
        listing = List(actual);
        while (_order.Count > 0 && _entries + listing.Entries.Count > MostEntries) { Drop(); }
        _kept.Add(actual, listing);
        _order.Enqueue(actual);
        _entries += listing.Entries.Count;
        return listing;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_order.Count > 0) { Drop(); }
    }

    private ActualListing List(ActualDirectory actual)
    {
        long since = pass.Rules.Clocks.Elapsed;
        EntryTable all = pass.Tables.Rent();
        DirectoryHandle? handle = handles.Open(actual, out int errno);
        if (handle is null) { return new ActualListing(all, default, since, [], HasMissed: true, errno); }
        try
        {
            var sink = new Sink(pass, paths, actual);
            errno = _lister.List(handle, all, sink);
            EntryTable kept = errno == 0 ? actual.Place.Quiet.Filter(actual.Node, handle, all) : all;
            if (kept != all) { pass.Return(all); }
            return new ActualListing(kept, handle.Stat, since, sink.Failed, sink.HasMissed, errno);
        }
        finally { handle.Release(); }
    }

    private void Drop()
    {
        ActualDirectory oldest = _order.Dequeue();
        EntryTable entries = _kept[oldest].Entries;
        _kept.Remove(oldest);
        _entries -= entries.Count;
        pass.Return(entries);
    }

    private sealed class Sink(BackupPass pass, MappedPaths paths, ActualDirectory actual) : IListingSink
    {
        internal List<(byte[] Name, int Errno)> Failed { get; } = [];

        internal bool HasMissed { get; private set; }

        public bool Includes(ReadOnlySpan<byte> name, EntryKind kind)
        {
            if (pass.Rules.IncludesAll) { return true; }
            byte[] live = actual.LiveOf(name);
            return paths.Of(live, actual.UnmappedOf(name)) is not { } path
                || pass.Rules.Includes(path, kind, RulePaths.OfEntry(pass.Run.Source.Canonical, live));
        }

        public void StatFailed(ReadOnlySpan<byte> name, int errno) => Failed.Add((name.ToArray(), errno));

        public void Missed(ulong inode) => HasMissed = true;
    }
}
