namespace Varve.Compare.Report;

/// <summary>Whether a target was reached.</summary>
/// <param name="Target">What was asked.</param>
/// <param name="Value">What was measured, in the target's terms; null if it was not.</param>
/// <param name="Reached">Whether that is enough.</param>
/// <param name="Note">Empty, or how what was measured is not quite what was asked.</param>
internal sealed record Verdict(Target Target, double? Value, bool Reached, string Note)
{
    /// <summary>The figure for people.</summary>
    public string Measured => Value is not { } value ? "" : Target.Kind switch
    {
        GoalKind.Seconds or GoalKind.SecondsMore => Figures.Seconds(value),
        GoalKind.PeakMemory => Figures.Bytes(value),
        _ => Figures.Ratio(value),
    };

    /// <summary>Yes, no, or not measured; with the note.</summary>
    public string Answer => (Value is null ? "not measured" : Reached ? "yes" : "no") + (Note.Length == 0 ? "" : $" ({Note})");
}
