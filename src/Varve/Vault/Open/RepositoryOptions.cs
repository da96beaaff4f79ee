using Varve.Model;
using Varve.Vault.Open;

namespace Varve;

/// <summary>What opening a repository needs from its surroundings.</summary>
public sealed record RepositoryOptions
{
    /// <summary>Directory for catalogs and decrypted index runs; created with mode 0700 when missing.</summary>
    public required string CacheRoot { get; init; }

    /// <summary>The clock, for names and session expiry. Default: the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The machine and the process. Default: <see cref="HostEnvironment.OfProcess"/>.</summary>
    public HostEnvironment Host
    {
        get => field ??= HostEnvironment.OfProcess();
        init;
    }

    /// <summary>
    /// Is told before a key slot is tried that has not opened the repository on this machine before: which, counted from 1, of how many.
    /// Each takes from a few tenths of a second to half a minute.
    /// </summary>
    public Action<int, int>? TryingKeySlot { get; init; }

    /// <summary>
    /// Ends the reading of the whole index, which whoever needs it first waits for, and which takes minutes without a cache:
    /// OperationCanceledException. What runs later is cancelled by its own token. From then on a request to another machine that fails is
    /// not tried again.
    /// </summary>
    public CancellationToken Cancelled { get; init; }

    /// <summary>Receives warnings: damage that was worked around.</summary>
    public Action<Notice>? Warn { get; init; }

    /// <summary>
    /// Hears of requests to another machine that failed and are tried again. Called on any thread, several at once, and often: for each
    /// try of each request.
    /// </summary>
    public Action<Notice>? Retrying { get; init; }

    /// <summary>The life of sessions. A shorter one costs whoever sleeps or is slow his work, and no snapshot that counts.</summary>
    internal TimeSpan SessionLife { get; init; } = Session.Life;

    /// <summary>
    /// So long a backup takes forgotten snapshots out of the catalog before it begins, and as long when it is done: what is left is for
    /// later.
    /// </summary>
    internal TimeSpan CatalogPatience { get; init; } = TimeSpan.FromMilliseconds(300);
}
