namespace Varve.Maintain.Retention;

/// <summary>Why a snapshot is kept.</summary>
internal enum KeepRule
{
    /// <summary>It is one of the last ones.</summary>
    Last,
    /// <summary>It is the last of an hour.</summary>
    Hourly,
    /// <summary>It is the last of a day.</summary>
    Daily,
    /// <summary>It is the last of a week.</summary>
    Weekly,
    /// <summary>It is the last of a month.</summary>
    Monthly,
    /// <summary>It is the last of a year.</summary>
    Yearly,
    /// <summary>It is not older than the newest of its group by more than a duration.</summary>
    Within,
    /// <summary>It is the last of an hour within a duration.</summary>
    WithinHourly,
    /// <summary>It is the last of a day within a duration.</summary>
    WithinDaily,
    /// <summary>It is the last of a week within a duration.</summary>
    WithinWeekly,
    /// <summary>It is the last of a month within a duration.</summary>
    WithinMonthly,
    /// <summary>It is the last of a year within a duration.</summary>
    WithinYearly,
    /// <summary>It has a tag.</summary>
    Tag,
    /// <summary>It is the first of its group.</summary>
    First,
    /// <summary>It is pinned.</summary>
    Pinned,
    /// <summary>It is said to begin later than now: some clock is wrong.</summary>
    Future,
    /// <summary>Whether it counts is not decided yet.</summary>
    Undecided,
    /// <summary>It is partial, and newer than the last whole one: the next goes on from it.</summary>
    Unfinished,
    /// <summary>Another key recorded it, and the one in use is not a full one.</summary>
    Foreign,
}
