using Varve.App.Daemon.Watch;
using Varve.App.Settings.Configuration;
using Varve.App.Settings.Daemon;
using Varve.App.Settings.Values;

namespace Varve.App.Daemon;

/// <summary>What list and configuration come to at a moment.</summary>
/// <param name="Jobs">What is to be done.</param>
/// <param name="Wrong">What could not be read, and what it concerns is not done.</param>
/// <param name="OnBattery">What is done while the machine runs on its battery.</param>
internal sealed record DaemonPlan(IReadOnlyList<Job> Jobs, IReadOnlyList<VarveException> Wrong, WhenOnBattery OnBattery)
{
    /// <summary>Whom the daemon tells what.</summary>
    internal NotifyConfig Notify { get; init; } = NotifyConfig.None;

    /// <summary>The file that metrics are written into; null: none.</summary>
    internal string? MetricsFile { get; init; }
}
