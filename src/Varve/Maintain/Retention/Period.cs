namespace Varve.Maintain.Retention;

/// <summary>A stretch of time of which a rule keeps one snapshot.</summary>
internal enum Period
{
    /// <summary>None: each snapshot stands for itself.</summary>
    Snapshot,
    /// <summary>An hour; one that a clock shows twice, when summer ends, is two.</summary>
    Hour,
    /// <summary>A day of the calendar.</summary>
    Day,
    /// <summary>A week, from Monday on (ISO 8601), whatever year its days lie in.</summary>
    Week,
    /// <summary>A month of the calendar.</summary>
    Month,
    /// <summary>A year of the calendar.</summary>
    Year,
}
