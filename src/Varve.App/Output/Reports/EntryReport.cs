using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;
using Varve.History;
using Varve.Model;

namespace Varve.App.Output.Reports;

/// <summary>An entry of a snapshot. A value: a list of millions allocates nothing for it.</summary>
internal readonly struct EntryReport(ListedEntry entry, EntryView view) : IReport<EntryReport>
{
    static JsonTypeInfo<EntryReport> IReport<EntryReport>.Shape => ReportShapes.Default.EntryReport;

    public ByteText Path => new(entry.Path);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? PathBytes => Path.Other;
    public string Kind => KindText.Of(entry.Stat.Kind);
    public long Size => entry.Stat.Size;
    public uint Mode => entry.Stat.Mode;
    public uint Uid => entry.Stat.Uid;
    public uint Gid => entry.Stat.Gid;
    public TimeText Mtime => new(entry.Stat.Mtime);
    public TimeText Ctime => new(entry.Stat.Ctime);
    public ulong Inode => entry.Stat.Inode;
    public bool Torn => (entry.Flags & EntryFlags.Torn) != 0;
    public string? User => entry.User;
    public string? Group => entry.Group;
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ByteText? Target => ByteText.From(entry.SymlinkTarget);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? TargetBytes => Target?.Other;
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public uint? Major => IsDevice ? entry.Stat.RdevMajor : null;
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public uint? Minor => IsDevice ? entry.Stat.RdevMinor : null;

    private bool IsDevice => entry.Stat.Kind is EntryKind.CharDevice or EntryKind.BlockDevice;

    public void Print(Page page)
    {
        if (view == EntryView.Raw) { page.Out.WriteName(entry.Path); }
        else { page.Line(view == EntryView.Long ? LongLine(page.Zone) : EntryText.Name(entry.Path, entry.Stat.Kind) + EntryText.Mark(entry.Flags)); }
    }

    /// <summary>As <c>ls -l</c> has it, without the link count.</summary>
    private string LongLine(TimeZoneInfo zone)
    {
        EntryStat stat = entry.Stat;
        string user = User is { } u ? NameText.Escape(u) : stat.Uid.ToString(System.Globalization.CultureInfo.InvariantCulture);
        string group = Group is { } g ? NameText.Escape(g) : stat.Gid.ToString(System.Globalization.CultureInfo.InvariantCulture);
        string size = IsDevice ? $"{stat.RdevMajor}, {stat.RdevMinor}" : Human.Count(stat.Size);
        string target = entry.SymlinkTarget is { } t ? " -> " + NameText.Escape(t) : "";
        return $"{Human.Mode(stat.Kind, stat.Mode)} {user,-8} {group,-8} {size,15} {Human.Time(stat.Mtime, zone)} "
            + $"{EntryText.Name(entry.Path, stat.Kind)}{target}{EntryText.Mark(entry.Flags)}";
    }
}
