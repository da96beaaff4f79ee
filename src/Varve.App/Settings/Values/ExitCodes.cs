namespace Varve.App.Settings.Values;

/// <summary>Exit codes: a contract (docs/json.md).</summary>
internal static class ExitCodes
{
    internal const int Done = 0, Failed = 1, Usage = 2, Incomplete = 3, NoRepository = 10, Busy = 11, WrongKey = 12,
        Prevented = 13, HungUp = 129, Interrupted = 130, Terminated = 143;

    /// <summary>What they mean.</summary>
    internal static readonly IReadOnlyList<(int Code, string Meaning)> All =
    [
        (Done, "done; also: within the budget that was given"),
        (Failed, "failed; also: check found damage, or digest --check a difference"),
        (Usage, "the command line makes no sense"),
        (Incomplete, "done, but some files could not be read or written, root could not give all metadata back, or a hook that runs afterwards failed"),
        (NoRepository, "there is no repository at that place"),
        (Busy, "the repository is busy"),
        (WrongKey, "wrong password or key, one that is not there, or one that does not allow this"),
        (Prevented, "a command that was to run before failed, so what it is for was not done"),
        (HungUp, "the terminal was closed (SIGHUP); as 130"),
        (Interrupted, "interrupted (Ctrl-C); a backup has stored a checkpoint, the next one goes on from there"),
        (Terminated, "ended by SIGTERM; as 130"),
    ];
}
