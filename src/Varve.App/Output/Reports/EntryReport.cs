using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;
using Varve.App.Output.Pages;
using Varve.App.Output.Parts;

namespace Varve.App.Output.Reports;

/// <summary>An entry of a snapshot. A value: a list of millions allocates nothing for it.</summary>
internal readonly struct EntryReport : IReport<EntryReport>
{
    private static readonly TableShape s_table = new(
        new TableColumn("MODE"), new TableColumn("OWNER"), new TableColumn("GROUP"), new TableColumn("SIZE", IsRight: true),
        new TableColumn("MODIFIED"), new TableColumn("NAME"))
    { HasHeadings = false, Gap = 1 };

    private static readonly TableShape s_sums = new(new TableColumn("SIZE", IsRight: true), new TableColumn("NAME")) { HasHeadings = false };

    private readonly ListedEntry _entry;
    private readonly EntryView _view;

    /// <param name="entry">The entry.</param>
    /// <param name="view">How people see it.</param>
    /// <param name="total">Bytes in it and below, if these are asked for.</param>
    internal EntryReport(ListedEntry entry, EntryView view, long? total = null)
    {
        Total = total;
        _entry = entry;
        _view = view;
    }

    static JsonTypeInfo<EntryReport> IReport<EntryReport>.Shape => ReportShapes.Default.EntryReport;

    public ByteText Path => new(_entry.Path);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? PathBytes => Path.Other;
    public string Kind => KindText.Of(_entry.Kind);
    public long Size => _entry.Size;
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Total { get; }
    public uint Mode => _entry.Mode;
    public uint Uid => _entry.UserId;
    public uint Gid => _entry.GroupId;
    public TimeText Mtime => new(_entry.Modified);
    public TimeText Ctime => new(_entry.Changed);
    public ulong Inode => _entry.Inode;
    public bool Torn => _entry.IsTorn;
    public string? User => _entry.User;
    public string? Group => _entry.Group;
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ByteText? Target => ByteText.From(_entry.SymlinkTarget);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? TargetBytes => Target?.Other;
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public uint? Major => _entry.Device?.Major;
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public uint? Minor => _entry.Device?.Minor;

    public void Print(Page page)
    {
        if (_view == EntryView.Raw) { page.Out.WriteName(_entry.Path); }
        else if (_view == EntryView.Long) { PrintLong(page); }
        else
        {
            string name = EntryText.Name(_entry.Path, _entry.Kind) + EntryText.Mark(_entry.IsTorn);
            if (Total is { } total) { page.Row(s_sums, Human.Size(total), name); }
            else { page.Line(name); }
        }
    }

    /// <summary>As <c>ls -l</c> has it, without the link count.</summary>
    private void PrintLong(Page page)
    {
        string user = User is { } u ? NameText.Escape(u) : _entry.UserId.ToString(System.Globalization.CultureInfo.InvariantCulture);
        string group = Group is { } g ? NameText.Escape(g) : _entry.GroupId.ToString(System.Globalization.CultureInfo.InvariantCulture);
        string size = _entry.Device is { } device ? $"{device.Major}, {device.Minor}" : Human.Count(Total ?? _entry.Size);
        string target = _entry.SymlinkTarget is { } t ? " -> " + NameText.Escape(t) : "";
        page.Row(s_table, Human.Mode(_entry.Kind, _entry.Mode), user, group, size, page.ZonedTime(_entry.Modified),
            $"{EntryText.Name(_entry.Path, _entry.Kind)}{target}{EntryText.Mark(_entry.IsTorn)}");
    }
}
