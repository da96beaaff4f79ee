using System.Globalization;
using Varve.Maintain.Sessions;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;
using Varve.Vault;

namespace Varve.Maintain.Prune;

/// <summary>Prunes: what was begun here before is carried on first, then what else there is. Nobody is blocked by it.</summary>
internal static class Pruner
{
    // Something that was condemned turned out to be needed, or another prune took this one for dead: so often it begins anew.
    private const int MostTries = 5;

    /// <summary>Does it, or says what it would do.</summary>
    /// <exception cref="VarveException">WrongKey without the full key. Busy: another prune is at work. Damaged: something that may be
    /// needed is not known; nothing was deleted. Storage.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; what is condemned stays so, and the next prune carries on.</exception>
    internal static PruneResult Run(Repository repository, PruneOptions options, PruneMonitor monitor, CancellationToken cancelled)
    {
        repository.RequireFull("pruning");
        if (repository.Records.Writer is null) { throw NoIdentity(); }
        if (!options.DryRun) { repository.RequireWritable(); }
        using FileLock turn = TakeTurn(repository, options);
        string asked = string.Create(CultureInfo.InvariantCulture,
            $"{options.MaxUnusedPercent} {options.MaxUnusedBytes} {options.MaxRepackBytes} {repository.Id}");
        var before = new StoreListing(repository.Store);
        // A session may be of one who died before he stored anything: it is ended, too.
        if (!before.HasSessions && CleanMark.Find(repository.CacheDirectory, before.Digest(asked)) is { } unchanged)
        {
            return unchanged with
            {
                Outcome = options.DryRun ? PruneOutcome.DryRun : PruneOutcome.Done,
                Unknown = before.Unknown,
                UnknownCount = before.UnknownCount,
            };
        }

        if (!options.DryRun) { repository.Store.CleanUp(); }
        var tally = new PruneTally();
        for (int tries = 0; ;)
        {
            using var tools = new PruneTools(repository, options, monitor, cancelled);
            var cycle = new PruneCycle(tools, tally);
            if (options.DryRun)
            {
                cycle.DryRun();
                return tally.Result;
            }

            long deleted = tally.Result.DeletedPacks;
            switch (cycle.Run())
            {
                case CycleEnd.Waiting: return tally.Result;
                case CycleEnd.NothingToDo:
                    if (cycle.IsClean)
                    {
                        CleanMark.Keep(repository.CacheDirectory, new StoreListing(repository.Store).Digest(asked), tally.Last);
                    }

                    return tally.Result;
                case CycleEnd.Deleted:
                    // The next plan says whether anything is left.
                    if (tally.Result.DeletedPacks == deleted && ++tries >= MostTries) { return tally.Result; }
                    break;
                case CycleEnd.Yields:
                    monitor.Enter("waiting");
                    tools.Settling.Pause(PruneWaiter.Step);
                    break;
                case CycleEnd.Again or CycleEnd.Fenced:
                    if (++tries >= MostTries) { throw Restless(); }
                    break;
            }
        }
    }

    /// <summary>
    /// Takes back what is condemned and still there: by a prune that was begun on this machine, and by those that others took for dead
    /// before they came to their last look. How many packs.
    /// </summary>
    /// <exception cref="VarveException">WrongKey without the full key. Busy: a prune is at work here. Storage.</exception>
    internal static PruneUndone Undo(Repository repository, CancellationToken cancelled)
    {
        repository.RequireFull("undoing a prune");
        if (repository.Records.Writer is null) { throw NoIdentity(); }
        repository.RequireWritable();
        using FileLock turn = TakeTurn(repository, new PruneOptions());
        using var tools = new PruneTools(repository, new PruneOptions(), new PruneMonitor(), cancelled);
        return new PruneUndoer(tools).Run();
    }

    /// <summary>One at a time on this machine: it carries on what the one before began.</summary>
    private static FileLock TakeTurn(Repository repository, PruneOptions options)
    {
        while (true)
        {
            int errno = FileLock.TryTake(repository.Cache.Fd, "prune.lock"u8, out FileLock? turn);
            if (errno == 0) { return turn!; }
            if (errno != Errno.EAGAIN)
            {
                throw new VarveException(ErrorKind.Storage, Subject.Cache(repository.CacheDirectory),
                    $"cannot be used: {Errno.Message(errno)}", Advice.ChooseCache);
            }

            if (!options.Wait)
            {
                throw new VarveException(
                    ErrorKind.Busy, Subject.Request("a prune"), "is at work on this machine already", Advice.WaitForOther);
            }

            new Settling(repository.Store, repository.Options.Time, repository.Options.Cancelled).Pause(TimeSpan.FromSeconds(1));
        }
    }

    private static VarveException NoIdentity() => new(ErrorKind.WrongKey, Subject.Request("pruning"),
        "needs a key slot with an identity, for others to believe it; the one in use is older than identities, a new key has one");

    private static VarveException Restless() => new(ErrorKind.Busy, Subject.Request("the repository"),
        "changes so fast that what was condemned is needed again each time; nothing that is needed was deleted", Advice.RunAgain);
}
