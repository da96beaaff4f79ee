using Varve.App.Output;
using Varve.App.Output.Pages;
using Varve.App.Output.Reports;

namespace Varve.Tests.App.Output;

/// <summary>What reports are written with.</summary>
internal static class Pages
{
    /// <summary>A writer whose remarks go nowhere and whose times are UTC, unless a zone is given.</summary>
    internal static ReportWriter Writer(TextOutput output, bool json, Detail detail = Detail.Full, TimeZoneInfo? zone = null) =>
        new(output, new Page(output, new StatusLine(TextWriter.Null, false, () => 80), () => zone ?? TimeZoneInfo.Utc,
            static () => new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero))
        { Detail = detail }, json);
}
