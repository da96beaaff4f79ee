using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;
using Varve.History;
using Varve.Model;

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
    public string Kind => KindText.Of(_entry.Stat.Kind);
    public long Size => _entry.Stat.Size;
    public uint Mode => _entry.Stat.Mode;
    public uint Uid => _entry.Stat.Uid;
    public uint Gid => _entry.Stat.Gid;
    public TimeText Mtime => new(_entry.Stat.Mtime);
    public TimeText Ctime => new(_entry.Stat.Ctime);
    public ulong Inode => _entry.Stat.Inode;
    public bool Torn => (_entry.Flags & EntryFlags.Torn) != 0;
    public string? User => _entry.User;
    public string? Group => _entry.Group;
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ByteText? Target => ByteText.From(_entry.SymlinkTarget);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? TargetBytes => Target?.Other;
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public uint? Major => IsDevice ? _entry.Stat.RdevMajor : null;
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public uint? Minor => IsDevice ? _entry.Stat.RdevMinor : null;

    private bool IsDevice => _entry.Stat.Kind is EntryKind.CharDevice or EntryKind.BlockDevice;

    public void Print(Page page)
    {
        if (_view == EntryView.Raw) { page.Out.WriteName(_entry.Path); }
        else { page.Line(_view == EntryView.Long ? LongLine(page.Zone) : EntryText.Name(_entry.Path, _entry.Stat.Kind) + EntryText.Mark(_entry.Flags)); }
    }

    /// <summary>As <c>ls -l</c> has it, without the link count.</summary>
    private string LongLine(TimeZoneInfo zone)
    {
        EntryStat stat = _entry.Stat;
        string user = User is { } u ? NameText.Escape(u) : stat.Uid.ToString(System.Globalization.CultureInfo.InvariantCulture);
        string group = Group is { } g ? NameText.Escape(g) : stat.Gid.ToString(System.Globalization.CultureInfo.InvariantCulture);
        string size = IsDevice ? $"{stat.RdevMajor}, {stat.RdevMinor}" : Human.Count(stat.Size);
        string target = _entry.SymlinkTarget is { } t ? " -> " + NameText.Escape(t) : "";
        return $"{Human.Mode(stat.Kind, stat.Mode)} {user,-8} {group,-8} {size,15} {Human.Time(stat.Mtime, zone)} "
            + $"{EntryText.Name(_entry.Path, stat.Kind)}{target}{EntryText.Mark(_entry.Flags)}";
    }
}
