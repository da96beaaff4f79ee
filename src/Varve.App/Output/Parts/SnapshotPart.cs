using System.Text.Json.Serialization;
using Varve.App.Output.Json;
using Varve.Model;

namespace Varve.App.Output.Parts;

/// <summary>A snapshot that may have been meant, in an error. What only the full key reads is null without it.</summary>
internal sealed class SnapshotPart(NamedSnapshot snapshot)
{
    [JsonPropertyName("snapshot")]
    public string Name => snapshot.Name.ToString();
    public string SourceId => snapshot.History.ToString();
    public string? Source => snapshot.Source;
    public string? Host => snapshot.Host;
    public TimeText Start => new(snapshot.Start);

    /// <summary>Its line; <paramref name="digits"/> of its name tell it from the others.</summary>
    internal string Line(int digits, TimeZoneInfo zone)
    {
        string of = snapshot is { Source: { } source, Host: { } host, Root: { } root }
            ? $"{NameText.Escape(source)} ({NameText.Escape(host)}:{NameText.Escape(root)})" : SourceId[..8];
        return $"{Name[..digits]}  {Human.Time(snapshot.Start, zone)}  {of}";
    }

    /// <summary>How many digits tell some names apart, at least 8.</summary>
    internal static int Digits(IReadOnlyList<SnapshotPart> some)
    {
        int digits = 8;
        while (digits < 64 && some.DistinctBy(s => s.Name[..digits]).Count() < some.Count) { digits++; }
        return digits;
    }
}
