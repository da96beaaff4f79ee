using System.Globalization;

namespace Varve.App.Output.Pages;

/// <summary>Where reports for people go.</summary>
internal sealed class Page(TextOutput output, StatusLine status, Func<TimeZoneInfo> zone, Func<DateTimeOffset> now)
{
    private TimeZoneInfo? _zone;
    private TextTable? _table;

    /// <summary>Results.</summary>
    internal TextOutput Out => output;

    /// <summary>Remarks beside them.</summary>
    internal StatusLine Status => status;

    /// <summary>How much is said.</summary>
    internal Detail Detail { get; init; } = Detail.Full;

    /// <summary>The colours of standard output.</summary>
    internal Ink Ink { get; init; } = Ink.None;

    private TimeZoneInfo Zone => _zone ??= zone();

    /// <summary>A time, below a heading that says of which zone.</summary>
    internal string Time(FileTime time) => Human.Time(time, Zone);

    /// <summary>A time with its zone.</summary>
    internal string ZonedTime(FileTime time) => Human.ZonedTime(time, Zone);

    /// <summary>What a repository says when something was made: as <see cref="Time"/>, or as it is if that is no time.</summary>
    internal string Time(string rfc3339) => TryParse(rfc3339) is { } time ? Time(time) : NameText.Escape(rfc3339);

    /// <summary>The same with its zone.</summary>
    internal string ZonedTime(string rfc3339) => TryParse(rfc3339) is { } time ? ZonedTime(time) : NameText.Escape(rfc3339);

    /// <summary>A line of results.</summary>
    internal void Line(string text)
    {
        Finish();
        output.WriteLine(text);
    }

    /// <summary>A line about work that is done.</summary>
    internal void Done(string text)
    {
        if (Detail != Detail.Quiet) { Line(text); }
    }

    /// <summary>A row of a table; rows of one shape that follow each other are one table.</summary>
    internal void Row(TableShape shape, params string[] cells)
    {
        if (_table?.Shape != shape)
        {
            Finish();
            _table = new TextTable(shape, Human.ZoneName(Zone, now()), output.WriteLine);
        }

        _table.Add(cells);
    }

    /// <summary>A remark, unless only failures are wanted.</summary>
    internal void Remark(string text, string? hint = null)
    {
        if (Detail != Detail.Quiet) { status.Hinted(text, hint); }
    }

    /// <summary>No more rows of the table: what of it is held back goes out.</summary>
    internal void Finish()
    {
        _table?.Flush();
        _table = null;
    }

    private static FileTime? TryParse(string rfc3339) =>
        DateTimeOffset.TryParse(rfc3339, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
        ? FileTime.From(time) : null;
}
