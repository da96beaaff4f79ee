using Varve.Compare.Corpora;
using Varve.Compare.Run;
using Varve.Compare.Tools;

namespace Varve.Compare.Measure;

/// <summary>
/// A backup program: the life of a repository, from its first backup to its last, once per round. The first is cold if cold rows are
/// wanted, and the row of warm ones has none then.
/// </summary>
internal sealed class BackupParticipant(BackupTool tool) : Participant
{
    private static readonly Row[] _needBackup =
        [Row.First, Row.Unchanged, Row.ChangedPercent, Row.ChangedThousand, Row.Moved, Row.Restore, Row.Check, Row.Catalog, Row.Stored,
        Row.Snapshots, Row.Complete, .. Row.Cold];

    private int _backups;
    private bool _putBack;

    /// <inheritdoc/>
    public override string Tool => tool.Key;

    /// <inheritdoc/>
    public override void TakeTurn(Round round)
    {
        round.Remove(tool.Folder);
        Directory.CreateDirectory(tool.Folder);
        try
        {
            if (round.Corpus is InPlaceCorpus inPlace)
            {
                new InPlaceTurn(tool, round, inPlace).Take();
                return;
            }

            if (round.Wants(Row.Version)) { round.MeasureQuick(tool.Key, () => tool.Version, Row.Version); }
            if (_needBackup.Any(round.Wants)) { UseRepository(round); }
        }
        finally { round.Remove(tool.Folder); }
    }

    private void UseRepository(Round round)
    {
        _backups = 0;
        _putBack = false;
        if (!round.Prepare(tool.Key, tool.Init, _needBackup)) { return; }
        if (!FirstBackup(round)) { return; }
        if (round.Wants(Row.ColdUnchanged)) { round.MeasureCold(tool.Key, NextBackup(round), Row.ColdUnchanged); }
        if (round.Wants(Row.Unchanged)) { round.MeasureQuick(tool.Key, () => NextBackup(round), Row.Unchanged); }
        if (round.Wants(Row.Snapshots)) { round.MeasureQuick(tool.Key, () => tool.Snapshots, Row.Snapshots); }
        if (round.Wants(Row.Complete) && tool.Complete is { } complete) { round.MeasureQuick(tool.Key, () => complete, Row.Complete); }
        if (round.Wants(Row.Restore)) { Restore(round); }
        if (round.Wants(Row.Check)) { round.Measure(tool.Key, tool.Check, Row.Check); }
        if (round.Wants(Row.ChangedThousand)) { BackupChanges(round, Row.ChangedThousand); }
        if (round.Wants(Row.ChangedPercent)) { BackupChanges(round, Row.ChangedPercent); }

        // Before the move, which makes it the catalog of twice as many files.
        if (round.Wants(Row.Catalog) && tool.CatalogRebuild is { } rebuild) { round.Measure(tool.Key, rebuild, Row.Catalog); }
        if (round.Wants(Row.Moved)) { BackupMoved(round); }
    }

    private bool FirstBackup(Round round)
    {
        bool isDone = round.Wants(Row.ColdFirst) ? round.MeasureCold(tool.Key, NextBackup(round), Row.ColdFirst)
            : round.Measure(tool.Key, NextBackup(round), Row.First);
        if (!isDone)
        {
            foreach (Row row in _needBackup.Where(round.Wants))
            {
                round.Results.Of(round.Measured, row, tool.Key).Fail("its first backup failed");
            }
            return false;
        }

        if (round.Wants(Row.Stored))
        {
            round.Results.Of(round.Measured, Row.Stored, tool.Key).Add(TreeSize.Of(tool.Repository).Bytes, round.Counts);
        }

        return true;
    }

    private void Restore(Round round)
    {
        round.Remove(round.Scratch);
        Directory.CreateDirectory(round.Scratch);
        if (round.Measure(tool.Key, tool.Restore(_backups, round.Scratch), Row.Restore))
        {
            round.Verify(tool.Key, Row.Restore, round.Scratch);
        }
        round.Remove(round.Scratch);
    }

    private void BackupChanges(Round round, Row row)
    {
        if (!PutBackIsSaved(round, row)) { return; }
        Changes changes = round.Corpus.Change(row);
        try { round.Measure(tool.Key, NextBackup(round), row); }
        finally
        {
            changes.Undo();
            _putBack = true;
            round.Corpus.Touched();
        }
    }

    private void BackupMoved(Round round)
    {
        if (!PutBackIsSaved(round, Row.Moved)) { return; }
        var moved = new MovedTree(round.Corpus.Root);
        try { round.Measure(tool.Key, NextBackup(round), Row.Moved); }
        finally
        {
            moved.Undo();
            _putBack = true;
            round.Corpus.Touched();
        }
    }

    /// <summary>Another backup, unmeasured, after a row that put back what it had changed: else the next row would pay for that.</summary>
    private bool PutBackIsSaved(Round round, Row row)
    {
        if (!_putBack) { return true; }
        round.Corpus.Settle();
        _putBack = !round.Prepare(tool.Key, NextBackup(round), row);
        return !_putBack;
    }

    private Command NextBackup(Round round) => tool.Backup(round.Corpus.Root, ++_backups);
}
