using System.Collections.Concurrent;
using Varve.Model;
using Varve.Model.Snapshots;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Backup.Clocks;

/// <summary>
/// What clocks stamp the files of a source: for each file system a moment that its clock had passed when the run began. The program's own
/// clock may be ahead of it (a NAS, a machine whose clock was not set yet), and then the run's start says nothing about what a stamp
/// proves.
/// <para>A new file without a name tells the time at once, where the file system knows such files and the run may make them. Elsewhere it
/// is told by the stamps that the run sees: one that is seen some time after the run began was made by then, so it cannot be later than the
/// clock's time at the beginning and that time together; elapsed time is measured by no wall clock. Thread-safe.</para>
/// </summary>
/// <param name="time">Measures how long the run has been going on.</param>
/// <param name="lead">Nanoseconds from the beginning until now: of a run that is taken up again, since the first began.</param>
internal sealed class SourceClocks(TimeProvider time, long lead)
{
    private readonly ConcurrentDictionary<ulong, Clock> _clocks = new();
    private readonly ConcurrentDictionary<ulong, Present> _present = new();
    private readonly long _began = time.GetTimestamp();

    /// <summary>The clock's time when the run began, at least; and whether a new file told it.</summary>
    private readonly record struct Clock(FileTime Time, bool IsProbed);

    /// <summary>
    /// What a new file told of a file system: what time it was there when the run began, at most, and whether its stamps are fine. The
    /// default: there could be none.
    /// </summary>
    private readonly record struct Present(FileTime Start, bool IsFine);

    /// <summary>Whether the source is read where it lives: in a copy that was frozen a new file tells the wrong time.</summary>
    internal required bool MayProbe { get; set; }

    /// <summary>What is known by now.</summary>
    internal IReadOnlyList<FileSystemClock> Known
    {
        get
        {
            var known = new List<FileSystemClock>();
            foreach ((ulong mountKey, Clock clock) in _clocks) { known.Add(new FileSystemClock(mountKey, clock.Time)); }
            known.Sort(static (a, b) => a.MountKey.CompareTo(b.MountKey));
            return known.Count <= FileSystemClock.Most ? known : known[..FileSystemClock.Most];
        }
    }

    /// <summary>The time when the run began, if a new file has told it; else null.</summary>
    internal FileTime? Start(ulong mountKey) => _clocks.TryGetValue(mountKey, out Clock clock) && clock.IsProbed ? clock.Time : null;

    /// <summary>The time by now, if a new file has told it; else null.</summary>
    internal FileTime? Now(ulong mountKey) =>
        _clocks.TryGetValue(mountKey, out Clock clock) && clock.IsProbed ? clock.Time.Plus(Elapsed) : null;

    /// <summary>
    /// No later than when the run began, by the clock that stamps what is changed now; null if nothing tells. Other than
    /// <see cref="Start"/> it says nothing about a copy that somebody froze.
    /// </summary>
    internal FileTime? PresentStart(ulong mountKey) =>
        _present.TryGetValue(mountKey, out Present present) && present != default ? present.Start : null;

    /// <summary>
    /// Whether what changes after its stamps were looked at gets others, however soon that is. Linux sees to that from 6.13 on, for most
    /// local file systems; elsewhere there is a tick.
    /// </summary>
    internal bool IsFine(ulong mountKey) => _present.TryGetValue(mountKey, out Present present) && present.IsFine;

    /// <summary>Nanoseconds since the run began.</summary>
    internal long Elapsed => lead + (long)time.GetElapsedTime(_began).TotalNanoseconds;

    /// <summary>Asks the file system of an open directory what time it is, if it is one that has not been asked.</summary>
    internal void Ask(ulong mountKey, int directory)
    {
        if (_present.ContainsKey(mountKey) || !_present.TryAdd(mountKey, default)) { return; }
        if (Reflink.OpenNameless(directory, out SafeFd file) != 0) { return; }
        if (Posix.Stat(file.Value, out EntryStat stat) == 0)
        {
            FileTime start = stat.Ctime.Minus(Elapsed); // the file was stamped before
            if (MayProbe) { _clocks[mountKey] = new Clock(start, IsProbed: true); }
            _present[mountKey] = new Present(start, HasFineStamps(file));
        }

        file.Close();
    }

    /// <summary>Two changes right after each other get two stamps, less than any tick apart.</summary>
    private static bool HasFineStamps(SafeFd file)
    {
        const long LessThanTick = 500_000;
        FileTime before = default;
        for (int i = 0; i < 5; i++)
        {
            if (Posix.SetMode(file.Value, Modes.PrivateFile) != 0 || Posix.Stat(file.Value, out EntryStat stat) != 0) { return false; }
            if (i > 0 && stat.Ctime > before && stat.Ctime < before.Plus(LessThanTick)) { return true; }
            before = stat.Ctime;
        }

        return false;
    }

    /// <summary>The newest stamp of a listing that has just been made.</summary>
    internal void See(ulong mountKey, FileTime stamp)
    {
        var clock = new Clock(stamp.Minus(Elapsed), IsProbed: false);
        _clocks.AddOrUpdate(mountKey, static (_, mine) => mine, static (_, old, mine) => old.IsProbed || old.Time > mine.Time ? old : mine,
            clock);
    }

    /// <summary>The newest ctime of a directory's entries on its own file system.</summary>
    internal static FileTime Newest(EntryTable listing, ulong device)
    {
        FileTime newest = new(long.MinValue / 2, 0);
        for (int i = 0; i < listing.Count; i++)
        {
            ref EntryStat stat = ref listing.Stat(i);
            if (stat.Device == device && stat.Ctime > newest) { newest = stat.Ctime; }
        }

        return newest;
    }
}
