using Varve.Compare.Corpora;
using Varve.Compare.Tools;

namespace Varve.Compare.Measure;

/// <summary>
/// A backup program's turn on files that change in place: for each row a new repository, the file backed up, changed, and backed up again;
/// what the repository grew by is the figure. Of the database and the image, which change all the time, it is the second change that
/// counts. With the pages this goes on to the tenth state, which is restored as the first was.
/// </summary>
internal sealed class InPlaceTurn(BackupTool tool, Round round, InPlaceCorpus corpus)
{
    private const int LastRevision = 10;

    private int _backups;

    /// <summary>All rows that are wanted.</summary>
    public void Take()
    {
        foreach (Row row in new[] { Row.Pages, Row.Insertions, Row.Database, Row.Image })
        {
            bool restores = row == Row.Pages && (round.Wants(Row.RestoreFirst) || round.Wants(Row.RestoreTenth));
            if (round.Wants(row) || restores || (row == Row.Pages && round.Wants(Row.PagesTime))) { Take(row, restores); }
            round.Remove(corpus.Folder(row));
        }
    }

    private void Take(Row row, bool restores)
    {
        _backups = 0;
        round.Remove(tool.Folder);
        Directory.CreateDirectory(tool.Folder);
        if (corpus.Make(round.Runner, row) is { } failure)
        {
            Fail(row, failure);
            return;
        }

        corpus.Touched();
        corpus.Settle();
        if (!round.Prepare(tool.Key, tool.Init, row) || !round.Prepare(tool.Key, Next(row), row)) { return; }
        if (restores) { Restore(Row.RestoreFirst); }
        if ((row == Row.Database || row == Row.Image) && !(Change(row, 1, out _) && round.Prepare(tool.Key, Next(row), row))) { return; }
        long before = TreeSize.Of(tool.Repository).Bytes;
        if (!Change(row, 2, out long changed)) { return; }
        if (!(row == Row.Pages ? round.Measure(tool.Key, Next(row), Row.PagesTime) : round.Prepare(tool.Key, Next(row), row))) { return; }
        if (round.Wants(row))
        {
            long added = TreeSize.Of(tool.Repository).Bytes - before;
            round.Results.Of(round.Measured, row, tool.Key).Add(added, round.Counts);
            round.Results.Of(round.Measured, row, ToolNames.ChangedBlocks).Add(changed, round.Counts);
            round.Log($"{round.Measured.Key}: {tool.Key} {row.Title}: {added} bytes for {changed}");
        }

        if (!restores || !round.Wants(Row.RestoreTenth)) { return; }
        for (int revision = 3; revision <= LastRevision; revision++)
        {
            if (!Change(row, revision, out _) || !round.Prepare(tool.Key, Next(row), Row.RestoreTenth)) { return; }
        }

        Restore(Row.RestoreTenth);
    }

    private bool Change(Row row, int number, out long bytes)
    {
        (bytes, string? failure) = corpus.Change(round.Runner, row, number);
        if (failure is not null) { Fail(row, failure); }
        corpus.Settle();
        return failure is null;
    }

    private void Fail(Row row, string failure)
    {
        round.Log($"{round.Measured.Key}: {row.Title}: {failure}");
        round.Results.Of(round.Measured, row, tool.Key).Fail(failure);
    }

    private void Restore(Row row)
    {
        if (!round.Wants(row)) { return; }
        round.Remove(round.Scratch);
        Directory.CreateDirectory(round.Scratch);
        if (round.Measure(tool.Key, tool.Restore(_backups, round.Scratch), row))
        {
            TreeSize restored = TreeSize.Of(round.Scratch), expected = TreeSize.Of(corpus.Folder(Row.Pages));
            if (restored.Bytes != expected.Bytes) { Fail(row, $"wrote {restored.Bytes} bytes instead of {expected.Bytes}"); }
        }

        round.Remove(round.Scratch);
    }

    private Run.Command Next(Row row) => tool.Backup(corpus.Folder(row), ++_backups);
}
