using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;
using Varve.App.Output.Pages;
using Varve.App.Output.Parts;
using Varve.App.Settings.Values;
using Varve.History.Revisions;
using Varve.Model;
using Varve.Model.Changes;

namespace Varve.App.Output.Changes;

/// <summary>What a backup saw of an entry.</summary>
internal readonly struct LogEntryReport : IReport<LogEntryReport>
{
    private readonly LoggedEntry _entry;
    private readonly ObjectName _snapshot;

    internal LogEntryReport(LoggedEntry entry, ObjectName snapshot) => (_entry, _snapshot) = (entry, snapshot);

    static JsonTypeInfo<LogEntryReport> IReport<LogEntryReport>.Shape => ChangeShapes.Default.LogEntryReport;

    public string Type => "entry";
    public string Snapshot => _snapshot.ToString();
    public string Kind => LogKinds.Word(Main);
    public ByteText Path => new(_entry.Path);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? PathBytes => Path.Other;
    public ByteText? MovedFrom => ByteText.From(_entry.Difference?.MovedFrom);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? MovedFromBytes => MovedFrom?.Other;
    public IEnumerable<string> Properties => PropertyText.Words(_entry.Difference?.Properties ?? 0);
    public StatePart? Before => StatePart.Of(_entry.Difference?.Before?.Stat);
    public StatePart? After => StatePart.Of(_entry.Difference?.After?.Stat);
    public bool Torn => _entry.Difference?.After is { } after && (after.Flags & EntryFlags.Torn) != 0;
    public string? Message => _entry.Failure?.Message ?? (_entry.LeftOut is { } left ? LeftOutText.Of(left) : null);
    public string? Rule => _entry.LeftOut?.Rule;

    private LogKind Main => _entry switch
    {
        { Failure: not null } => LogKind.Failed,
        { LeftOut: not null } => LogKind.LeftOut,
        _ => _entry.Difference!.Change switch
        {
            EntryChange.New => LogKind.New,
            EntryChange.Changed => LogKind.Changed,
            EntryChange.Metadata => LogKind.Metadata,
            EntryChange.Moved => LogKind.Moved,
            EntryChange.Gone => LogKind.Gone,
            EntryChange.Pending => LogKind.Pending,
            _ => LogKind.Failed,
        },
    };

    /// <summary>Whether it is of a kind; a file that is torn is that besides.</summary>
    internal bool Is(LogKind kind) => kind == Main || (kind == LogKind.Torn && Torn);

    public void Print(Page page)
    {
        string name = $"{Human.Short(_snapshot)}  ";
        if (_entry.Difference is { } difference) { name += DifferenceReport.Line(difference, page.Ink) + EntryText.Mark(Torn); }
        else
        {
            name += (_entry.Failure is not null ? page.Ink.Bad("!") : "x") + " " + EntryText.Path(_entry.Path)
                + $"  [{NameText.Printable(Message!)}]";
        }

        page.Line(name);
    }
}
