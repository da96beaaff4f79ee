namespace Varve.Maintain.Retention;

/// <summary>Keeps the last snapshot of each period that is not older than the newest of the group by more than a duration.</summary>
/// <param name="Period">Of what.</param>
/// <param name="Duration">How far back.</param>
internal readonly record struct WithinRule(Period Period, KeepDuration Duration)
{
    /// <summary>What it is called as a reason.</summary>
    internal KeepRule Reason => KeepRule.Within + (int)Period;
}
