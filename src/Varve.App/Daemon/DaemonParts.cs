using Varve.App.Daemon.Control;
using Varve.App.Daemon.Runs;
using Varve.App.Daemon.Watch;

namespace Varve.App.Daemon;

/// <summary>What the loop works with.</summary>
internal sealed record DaemonParts
{
    internal required StateDirectory State { get; init; }

    internal required IRuns Runs { get; init; }

    /// <summary>Reads list and configuration.</summary>
    internal required Func<DaemonPlan> ReadPlan { get; init; }

    /// <summary>The clock and, at each call, the local time zone as it is then.</summary>
    internal required TimeProvider Time { get; init; }

    internal required Inbox Inbox { get; init; }

    /// <summary>Waits for news in the inbox, but no longer than this by that clock; a clock that is set ends it too.</summary>
    internal required Action<TimeSpan> Wait { get; init; }

    internal required StatusBoard Board { get; init; }

    internal required DaemonLog Log { get; init; }

    internal required ServiceNotifier Service { get; init; }

    /// <summary>Whether the machine runs on its battery.</summary>
    internal required Func<bool> IsOnBattery { get; init; }

    /// <summary>A number from 0 to 1 by chance.</summary>
    internal required Func<double> Chance { get; init; }

    /// <summary>How long runs may take to come to an end before they are killed.</summary>
    internal required TimeSpan StopWithin { get; init; }

    /// <summary>Which program this is.</summary>
    internal required string Program { get; init; }
}
