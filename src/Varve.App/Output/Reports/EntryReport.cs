using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;

namespace Varve.App.Output.Reports;

/// <summary>An entry of a snapshot. A value: a list of millions allocates nothing for it.</summary>
internal readonly struct EntryReport : IReport<EntryReport>
{
    private readonly ListedEntry _entry;
    private readonly EntryView _view;

    internal EntryReport(ListedEntry entry, EntryView view)
    {
        _entry = entry;
        _view = view;
    }

    static JsonTypeInfo<EntryReport> IReport<EntryReport>.Shape => ReportShapes.Default.EntryReport;

    public ByteText Path => new(_entry.Path);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? PathBytes => Path.Other;
    public string Kind => KindText.Of(_entry.Kind);
    public long Size => _entry.Size;
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
        else
        {
            page.Line(_view == EntryView.Long ? LongLine(page.Zone)
                : EntryText.Name(_entry.Path, _entry.Kind) + EntryText.Mark(_entry.IsTorn));
        }
    }

    /// <summary>As <c>ls -l</c> has it, without the link count.</summary>
    private string LongLine(TimeZoneInfo zone)
    {
        string user = User is { } u ? NameText.Escape(u) : _entry.UserId.ToString(System.Globalization.CultureInfo.InvariantCulture);
        string group = Group is { } g ? NameText.Escape(g) : _entry.GroupId.ToString(System.Globalization.CultureInfo.InvariantCulture);
        string size = _entry.Device is { } device ? $"{device.Major}, {device.Minor}" : Human.Count(_entry.Size);
        string target = _entry.SymlinkTarget is { } t ? " -> " + NameText.Escape(t) : "";
        return $"{Human.Mode(_entry.Kind, _entry.Mode)} {user,-8} {group,-8} {size,15} {Human.Time(_entry.Modified, zone)} "
            + $"{EntryText.Name(_entry.Path, _entry.Kind)}{target}{EntryText.Mark(_entry.IsTorn)}";
    }
}
