using System.Text.Json;
using Varve.Model;
using Varve.Restore;

namespace Varve.App.Output;

/// <summary>Entries and revisions, for people and as JSON.</summary>
internal static class EntryReport
{
    /// <summary>One line as <c>ls -l</c> has it, without the link count.</summary>
    internal static string Long(ListedEntry entry, TimeZoneInfo zone)
    {
        EntryStat stat = entry.Stat;
        string user = entry.User is { } u ? NameText.Escape(u) : stat.Uid.ToString(System.Globalization.CultureInfo.InvariantCulture);
        string group = entry.Group is { } g ? NameText.Escape(g) : stat.Gid.ToString(System.Globalization.CultureInfo.InvariantCulture);
        string size = stat.Kind is EntryKind.CharDevice or EntryKind.BlockDevice ? $"{stat.RdevMajor}, {stat.RdevMinor}" : Human.Count(stat.Size);
        string target = entry.SymlinkTarget is { } t ? " -> " + NameText.Escape(t) : "";
        return $"{Human.Mode(stat.Kind, stat.Mode)} {user,-8} {group,-8} {size,15} {Human.Time(stat.Mtime, zone)} {Name(entry.Path, stat.Kind)}{target}{Mark(entry.Flags)}";
    }

    /// <summary>What <c>ls</c> prints unless asked for more.</summary>
    internal static string Short(ListedEntry entry) => Name(entry.Path, entry.Stat.Kind) + Mark(entry.Flags);

    /// <summary>The path; a slash marks a directory.</summary>
    internal static string Name(byte[] path, EntryKind kind) =>
        (path.Length == 0 ? "." : NameText.Escape(path)) + (kind == EntryKind.Directory ? "/" : "");

    /// <summary>One line: what it was, and from when to when.</summary>
    internal static string Found(FoundRevision found, TimeZoneInfo zone)
    {
        string until = found.IsCurrent ? "now" : Human.Time(found.LastTime, zone);
        return $"{Human.Time(found.FirstTime, zone)} ({Human.Short(found.First)}) to {until,-19}  {Human.Size(found.Stat.Size),9}  "
            + $"{NameText.Escape(found.Source)}: {Name(found.Path, found.Stat.Kind)}{Mark(found.Flags)}"
            + (found.MovedFrom is { } from ? $"  [moved from {NameText.Escape(from)}]" : "");
    }

    /// <summary>The members of a listed entry's object (docs/json.md, ls).</summary>
    internal static void Members(Utf8JsonWriter json, ListedEntry entry)
    {
        Stat(json, entry.Path, entry.Stat, entry.Flags);
        json.WriteString("user", entry.User);
        json.WriteString("group", entry.Group);
        if (entry.SymlinkTarget is { } target)
        {
            JsonOutput.Bytes(json, "target", target);
        }

        if (entry.Stat.Kind is EntryKind.CharDevice or EntryKind.BlockDevice)
        {
            json.WriteNumber("major", entry.Stat.RdevMajor);
            json.WriteNumber("minor", entry.Stat.RdevMinor);
        }
    }

    /// <summary>The members of a found revision's object (docs/json.md, find).</summary>
    internal static void Members(Utf8JsonWriter json, FoundRevision found)
    {
        json.WriteString("source", found.Source);
        Stat(json, found.Path, found.Stat, found.Flags);
        json.WriteString("first", found.First.ToString());
        JsonOutput.Time(json, "firstTime", found.FirstTime);
        json.WriteString("last", found.Last.ToString());
        JsonOutput.Time(json, "lastTime", found.LastTime);
        json.WriteBoolean("current", found.IsCurrent);
        if (found.MovedFrom is { } from) { JsonOutput.Bytes(json, "movedFrom", from); }
        else { json.WriteNull("movedFrom"); }
    }

    private static string Mark(EntryFlags flags) => (flags & EntryFlags.Torn) != 0 ? "  [torn]" : "";

    private static void Stat(Utf8JsonWriter json, byte[] path, in EntryStat stat, EntryFlags flags)
    {
        JsonOutput.Bytes(json, "path", path);
        json.WriteString("kind", KindText.Of(stat.Kind));
        json.WriteNumber("size", stat.Size);
        json.WriteNumber("mode", stat.Mode);
        json.WriteNumber("uid", stat.Uid);
        json.WriteNumber("gid", stat.Gid);
        JsonOutput.Time(json, "mtime", stat.Mtime);
        JsonOutput.Time(json, "ctime", stat.Ctime);
        json.WriteNumber("inode", stat.Inode);
        json.WriteBoolean("torn", (flags & EntryFlags.Torn) != 0);
    }
}
