namespace Varve.App.Settings.Table;

/// <summary>Exit codes: a contract (docs/json.md).</summary>
internal static class ExitCodes
{
    internal const int Done = 0, Failed = 1, Usage = 2, Incomplete = 3, NoRepository = 10, Busy = 11, WrongKey = 12, Interrupted = 130;

    /// <summary>What they mean.</summary>
    internal static readonly IReadOnlyList<(int Code, string Meaning)> All =
    [
        (Done, "done; also: within the budget that was given"),
        (Failed, "failed; also: check found damage"),
        (Usage, "the command line makes no sense"),
        (Incomplete, "done, but some files could not be read or written"),
        (NoRepository, "there is no repository at that place"),
        (Busy, "the repository is busy"),
        (WrongKey, "wrong password or key, or one that does not allow this"),
        (Interrupted, "interrupted; a backup has stored a checkpoint, the next one goes on from there"),
    ];
}
