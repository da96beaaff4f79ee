using System.Globalization;
using System.Text;
using Varve.App.Output;

namespace Varve.App.Daemon.Notices;

/// <summary>Notices in words.</summary>
internal static class NoticeText
{
    /// <summary>In a line.</summary>
    internal static string Subject(NoticeData notice, string host) => NameText.Printable($"Varve on {host}: " + notice.Event switch
    {
        NoticeEvents.Failure => $"{notice.Job} failed",
        NoticeEvents.Incomplete => $"{notice.Job} is incomplete",
        NoticeEvents.Alert => $"{notice.Job} was not saved for too long",
        _ => $"{notice.Job} is well again",
    });

    /// <summary>All that is known.</summary>
    internal static string Body(NoticeData notice, string host)
    {
        var text = new StringBuilder();
        text.Append(Subject(notice, host)).Append("\n\n");
        foreach (string? said in (string?[])[notice.Message, notice.Hint])
        {
            if (said is not null) { text.Append(NameText.Printable(said)).Append('\n'); }
        }

        bool isSource = notice.Kind is "backup" or "archive";
        text.Append(notice.LastGood is { } good ? $"Last good: {Time(good)}\n" : isSource ? "It was never saved yet.\n" : "");
        text.Append(CultureInfo.InvariantCulture, $"Time: {Time(notice.Time)}\n");
        return text.ToString();
    }

    /// <summary>As it is posted.</summary>
    internal static NoticeBody Posted(NoticeData notice, string host) => new()
    {
        Event = notice.Event, Job = notice.Job, Kind = notice.Kind, Host = host, Time = Stamp(notice.Time), Message = notice.Message,
        Hint = notice.Hint, LastGood = notice.LastGood is { } good ? Stamp(good) : null, Text = Body(notice, host),
    };

    /// <summary>A time for programs.</summary>
    internal static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
