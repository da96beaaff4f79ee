using System.Text;
using Varve.App.Daemon.Schedules;
using Varve.App.Daemon.Watch;
using Varve.App.Settings.Configuration;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.Backup.Dirty;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.App.Daemon.Changes;

/// <summary>
/// A source that is backed up when it changes: begins to watch it before a run, tells when the next is due, and hands over what changed.
/// The loop's thread alone uses it.
/// </summary>
/// <param name="state">Where what changed is handed over.</param>
/// <param name="time">The clock.</param>
/// <param name="news">Called, by another thread, when something changed.</param>
internal sealed class SourceWatch(StateDirectory state, TimeProvider time, Action news) : IDisposable
{
    private const int Longest = 64 << 20;

    // What is stored through a mapping that nobody can tell of is found no later.
    private static readonly TimeSpan s_blind = TimeSpan.FromHours(1);

    private TreeWatch? _watch;
    private string _reason = "no run was begun yet";
    private bool _wasTried, _isHandedOver;

    /// <summary>Whether and how it is watched, for people.</summary>
    internal string Text => _watch is null ? $"is not watched: {_reason}"
        : _watch.SawMount ? "is watched; something was mounted or unmounted during the last run, so the next looks at everything"
        : !_watch.MayMissMapped ? "is watched"
        : "is watched, but what some processes have mapped cannot be told: everything is looked at each hour";

    /// <summary>
    /// When a run is due because something changed, or because it is not known whether; null: not before the schedule says.
    /// </summary>
    internal DateTimeOffset? DueAt(Job job, JobData data, DateTimeOffset now, TimeZoneInfo zone)
    {
        if (job.Continuous is not { } said || data.Slot is null) { return null; }
        DateTimeOffset least = data.LastStart is { } start && start < now ? start + said.AtMost : now;
        DateTimeOffset? due = null;
        if (!_wasTried || _watch is { IsOver: true }) { due = least; }
        else if (_watch?.Changed is { } changed)
        {
            DateTimeOffset settled = changed.Last + said.Settle, latest = changed.First + said.AtMost;
            due = settled < latest ? settled : latest;
            if (due < least) { due = least; }
        }

        return due is { } at && job.Window is { } window ? Agenda.OpensAt(window, at > now ? at : now, zone) : due;
    }

    /// <summary>Whether everything is to be looked at because it is long ago that it was.</summary>
    internal bool IsBlind(JobData data, DateTimeOffset now) => _watch is { MayMissMapped: true } && now - data.Slot > s_blind;

    /// <summary>A run is about to begin: options of it.</summary>
    internal IReadOnlyList<string> Begin(Job job, bool isWhole)
    {
        if (_watch is null or { IsOver: true })
        {
            _watch?.Dispose();
            _wasTried = true;
            _watch = TreeWatch.Begin(job.Path!, Encoding.UTF8.GetBytes(state.Path), time, news, out _reason);
        }

        _isHandedOver = false;
        if (_watch is null) { return []; }
        byte[] changed = _watch.Take(isWhole)?.Encode() ?? [];
        _isHandedOver = true;
        try
        {
            state.Changes.Remove(Rest(job));
            state.Changes.Replace(FileOf(job), stream => stream.Write(changed));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            End(job, isDone: false);
            _reason = Errno.Message(e);
            return [];
        }

        return [$"{BackupSettings.Changes.Name}={Path.Combine(state.Changes.Path, FileOf(job))}"];
    }

    /// <summary>The run is over; <paramref name="isDone"/>: it made its snapshot, or found that there is nothing to make.</summary>
    internal void End(Job job, bool isDone)
    {
        if (!_isHandedOver) { return; }
        _isHandedOver = false;
        DirtySet? rest = isDone ? Read(Rest(job)) : null;
        _watch!.Settle(isDone, rest, rest?.Own ?? []);
    }

    private DirtySet? Read(string file)
    {
        int errno = Posix.OpenAt(state.Changes.Fd, Encoding.UTF8.GetBytes(file), Posix.O_RDONLY | Posix.O_NOFOLLOW, out SafeFd opened);
        if (errno != 0) { return null; }
        using var bytes = new MemoryStream();
        var buffer = new byte[64 << 10];
        int length;
        do
        {
            errno = Posix.Read(opened.Value, buffer, out length);
            bytes.Write(buffer, 0, length);
        } while (errno == 0 && length > 0 && bytes.Length < Longest);

        opened.Close();
        return errno == 0 ? DirtySet.Decode(bytes.ToArray()) : null;
    }

    private static string FileOf(Job job) => RecordFiles<JobData>.Plain(job.Name) + ".changes";

    private static string Rest(Job job) => FileOf(job) + ChangesFile.RestEnding;

    /// <inheritdoc/>
    public void Dispose() => _watch?.Dispose();
}
