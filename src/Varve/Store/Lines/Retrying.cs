using Varve.Model;

namespace Varve.Store.Lines;

/// <summary>How long a line that is lost is tried again, and who hears of it. Immutable; the default is the ordinary.</summary>
/// <param name="WaitFor">How long from an operation's first failure on; zero: some 20 seconds.</param>
/// <param name="Tell">Hears of each failure that is tried again, and of the pause before that. On any thread, several at once.</param>
/// <param name="Cancelled">Ends the pauses, and with them the operation: OperationCanceledException. No other is tried again then.</param>
internal readonly record struct Retrying(TimeSpan WaitFor, Action<VarveException, TimeSpan>? Tell, CancellationToken Cancelled);
