using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;
using Varve.App.Output.Pages;

namespace Varve.App.Output.Daemon;

/// <summary>What became of the list: something was put on it, changed, or taken off it.</summary>
internal sealed class WatchedReport : IReport<WatchedReport>
{
    private readonly byte[] _path;

    // Not public: the serializer's generator would take in what its parameters are made of.
    internal WatchedReport(string name, byte[] path, string done) => (Name, _path, Done) = (name, path, done);

    static JsonTypeInfo<WatchedReport> IReport<WatchedReport>.Shape => DaemonShapes.Default.WatchedReport;

    public string Name { get; }
    public ByteText Path => new(_path);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? PathBytes => Path.Other;

    /// <summary>added, changed, unchanged or removed.</summary>
    public string Done { get; }
    public string? Schedule { get; init; }
    public string? To { get; init; }
    public bool DaemonRuns { get; init; }

    public void Print(Page page)
    {
        string to = To is { } place ? $", to {NameText.Escape(place)}" : "";
        page.Done($"{NameText.Escape(Name)} ({NameText.Escape(_path)}): {Done}{(Schedule is { } when ? $", {NameText.Escape(when)}{to}" : "")}");
        if (!DaemonRuns && Schedule is not null)
        {
            page.Remark("no daemon is running, so nothing is protected yet", "start it: varve daemon install");
        }
    }
}
