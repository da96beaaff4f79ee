namespace Varve.App.Daemon.Schedules;

/// <summary>What decides, of all that was, when something comes next.</summary>
/// <param name="Slot">When the last run began that is over, whatever came of it but an interruption; null: there was none.</param>
/// <param name="RetryAt">When it is to be tried again after it failed; null: as scheduled.</param>
/// <param name="IsAsked">Somebody asked for it.</param>
/// <param name="LooksAtOnce">It is to be looked at once now, since the daemon begins anew.</param>
internal readonly record struct JobPast(DateTimeOffset? Slot, DateTimeOffset? RetryAt, bool IsAsked, bool LooksAtOnce);
