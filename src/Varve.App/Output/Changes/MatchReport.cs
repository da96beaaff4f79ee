using System.Text;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;
using Varve.App.Output.Pages;
using Varve.App.Output.Parts;
using Varve.App.Settings.Values;
using Varve.History.Revisions;

namespace Varve.App.Output.Changes;

/// <summary>A line of a revision of a file.</summary>
internal readonly struct MatchReport : IReport<MatchReport>
{
    private readonly ContentMatch _match;

    internal MatchReport(ContentMatch match) => _match = match;

    static JsonTypeInfo<MatchReport> IReport<MatchReport>.Shape => ChangeShapes.Default.MatchReport;

    private FoundRevision Found => _match.Revision.Revision;

    public string Source => Found.Source;
    public string Host => Found.Host;
    public ByteText Path => new(Found.Path);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? PathBytes => Path.Other;
    public string First => Found.First.ToString();
    public TimeText FirstTime => new(Found.FirstTime);
    public string Last => Found.Last.ToString();
    public TimeText LastTime => new(Found.LastTime);
    public bool Current => Found.IsCurrent;
    public long Line => _match.Line;
    public ByteText Text => new(_match.Text);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? TextBytes => Text.Other;

    /// <summary>As grep prints it, with what names the revision before it.</summary>
    public void Print(Page page) => page.Line($"{CommandText.Quote($"{Human.Short(Found.First)}:{RawArguments.FromBytes(Found.Path)}")}:"
        + $"{Line}:{(_match.Text.AsSpan().Contains((byte)0) ? "[binary]" : NameText.Printable(Encoding.UTF8.GetString(_match.Text)))}");
}
