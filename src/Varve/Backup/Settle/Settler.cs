using Varve.Backup.Passes;
using Varve.Backup.Run;
using Varve.Backup.Visit;
using Varve.Model;
using Varve.Platform;

namespace Varve.Backup.Settle;

/// <summary>
/// Says, when a walk is over, which directories are visited again because their listings are out of date (decision 0049). What was in the
/// source all the time, and is in no listing, lies in one of them by now.
/// <para>Invariant: a pass ends when first all busy directories, and then all others, were found as they were listed. Whatever was in the
/// source when that look began was in a directory that had been listed before, and was not changed until it was looked at: it is in that
/// listing, and was read. Otherwise the pass ends after a bound, and says so. Used by one thread.</para>
/// </summary>
internal sealed class Settler(BackupPass pass, Func<BackupPass, DirectoryExaminer[]> examiners)
{
    /// <summary>How often directories are visited again.</summary>
    internal const int MostRounds = 8;

    /// <summary>Of so many directories it is said at most.</summary>
    private const int Named = 100;

    private int _round;
    private bool _isRootGone;

    /// <summary>How they are visited again; null if what was seen is one state, or never will be.</summary>
    internal WalkStage? Next(DirectoryNode top, CancellationToken cancelled)
    {
        SeenDirectories seen = pass.Seen;
        // Of a run that looks only where something changed nobody knows where it moved to: all is looked at then.
        if (!seen.IsServed || pass.Dirty is not null) { return null; }
        Gate.Pass(Gate.Walked);
        // At once: what was listed is still being read, and the less time goes by, the less changes.
        SeenTree? tree = Look(cancelled);
        seen.AwaitOnePart(top, cancelled);
        // A snapshot that is partial lacks files anyway, and the next run goes on.
        if (!seen.MayHaveMoved || pass.Intake is { Budget: not null, Pending.Files: > 0 }) { return null; }
        if (_isRootGone)
        {
            pass.Tally.Fail(ReadFailure.RootGone());
            return null;
        }

        // If all was as it was listed, there may be what was not found when it was read.
        IReadOnlyList<int> outdated = seen.Outdated();
        if (outdated.Count == 0) { return null; }
        if (_round++ == MostRounds)
        {
            Report(outdated);
            return null;
        }

        tree ??= new SeenTree(seen);
        foreach (int index in outdated) { tree.Visit(index); }
        Wait(seen.TakeTick(), cancelled);
        pass.Changes.AwaitCheckpoint(cancelled);
        pass.Tally.BeginAgain();
        BackupPass again = pass.Again(new Revisit(seen, tree));
        return new WalkStage(again, examiners(again));
    }

    /// <summary>Marks what has changed since it was listed, if anything may have. Null: nothing may.</summary>
    private SeenTree? Look(CancellationToken cancelled)
    {
        if (!pass.Seen.MayHaveMoved) { return null; }
        var tree = new SeenTree(pass.Seen);
        var sweep = new DirectorySweep(pass.Seen, tree);
        if (!sweep.FindsChanged(busy: true, cancelled)) { sweep.FindsChanged(busy: false, cancelled); }
        _isRootGone = sweep.IsRootGone;
        return tree;
    }

    /// <summary>Until what is changed from now on gets other stamps than what was changed before.</summary>
    private static void Wait(long nanoseconds, CancellationToken cancelled)
    {
        if (nanoseconds == 0) { return; }
        cancelled.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(2 + (nanoseconds / 1_000_000)));
        cancelled.ThrowIfCancellationRequested();
    }

    private void Report(IReadOnlyList<int> changing)
    {
        foreach (byte[] path in changing.Take(Named).Select(pass.Seen.Path))
        {
            pass.Tally.Fail(ReadFailure.Renamed(path));
            pass.Tally.Note(new Notice(path.Length == 0 ? Subject.Source(pass.Run.Source.Canonical) : Subject.Path(path),
                "was renamed in each time it was listed; it is saved as it was seen last"));
        }
    }
}
