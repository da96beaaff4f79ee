namespace Varve.Store.Lines;

/// <summary>How a store is opened that another assembly has.</summary>
/// <param name="Create">Makes what it lies in, if that is missing.</param>
/// <param name="Spool">Directory of this user alone for objects that wait for their names; null keeps them in memory.</param>
/// <param name="Time">Counts pauses.</param>
/// <param name="Limits">What it may take of the network.</param>
/// <param name="Retrying">How long a lost line is tried again.</param>
/// <param name="Warn">Hears what is odd, and not an error; null: nobody does.</param>
internal sealed record StoreOpening(
    bool Create, string? Spool, TimeProvider Time, LineLimits Limits = default, Retrying Retrying = default,
    Action<Notice>? Warn = null);
