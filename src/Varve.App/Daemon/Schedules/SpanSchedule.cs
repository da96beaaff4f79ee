namespace Varve.App.Daemon.Schedules;

/// <summary>So long after the last time. A change to or from summer time makes no difference to it.</summary>
internal sealed class SpanSchedule(TimeSpan span) : ISchedule
{
    public bool IsSpan => true;

    public TimeSpan Tolerance => span < Agenda.LongestJump ? span : Agenda.LongestJump;

    public DateTimeOffset? NextAfter(DateTimeOffset time, TimeZoneInfo zone) =>
        time.UtcDateTime < DateTime.MaxValue - span ? time + span : null;
}
