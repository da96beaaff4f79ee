using Cronos;

namespace Varve.App.Daemon.Schedules;

/// <summary>
/// By the clock on the wall, as cron: what falls into the hour that summer time leaves out comes at its end, what is named by its time in
/// the hour that comes twice comes once.
/// </summary>
internal sealed class CronSchedule : ISchedule
{
    private readonly CronExpression _expression;

    private CronSchedule(CronExpression expression) => _expression = expression;

    public bool IsSpan => false;

    public TimeSpan Tolerance => Agenda.LongestJump;

    /// <summary>An expression that makes sense.</summary>
    /// <exception cref="VarveException">Usage, with the place, if there is one.</exception>
    internal static CronSchedule Parse(string text, Subject? place)
    {
        try
        {
            var schedule = new CronSchedule(CronExpression.Parse(text));
            return schedule.NextAfter(new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero), TimeZoneInfo.Utc) is not null ? schedule
                : throw Wrong(text, place, "no day is ever like that");
        }
        catch (CronFormatException e) { throw Wrong(text, place, e.Message); }
    }

    public DateTimeOffset? NextAfter(DateTimeOffset time, TimeZoneInfo zone) =>
        _expression.GetNextOccurrence(time.ToUniversalTime(), zone)?.ToUniversalTime();

    private static VarveException Wrong(string text, Subject? place, string why) =>
        new(ErrorKind.Usage, place ?? Subject.Request("--cron"), $"'{text}' is no cron expression that makes sense: {why}");
}
