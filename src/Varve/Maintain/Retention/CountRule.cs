namespace Varve.Maintain.Retention;

/// <summary>Keeps the last snapshot of each of the last periods that have any.</summary>
/// <param name="Period">Of what.</param>
/// <param name="Most">How many periods; <see cref="Unlimited"/> for all.</param>
internal readonly record struct CountRule(Period Period, int Most)
{
    /// <summary>Stands for all.</summary>
    internal const int Unlimited = -1;

    /// <summary>What it is called as a reason.</summary>
    internal KeepRule Reason => KeepRule.Last + (int)Period;
}
