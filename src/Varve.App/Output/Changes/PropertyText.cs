using System.Globalization;
using Varve.Model;
using Varve.Model.Changes;

namespace Varve.App.Output.Changes;

/// <summary>What of an entry changed: the words of JSON, and those for people.</summary>
internal static class PropertyText
{
    private static readonly (EntryProperties Property, string Word)[] s_words =
    [
        (EntryProperties.Kind, "kind"), (EntryProperties.Content, "content"), (EntryProperties.Target, "target"),
        (EntryProperties.Device, "device"), (EntryProperties.Mode, "mode"), (EntryProperties.Owner, "owner"),
        (EntryProperties.Modified, "mtime"), (EntryProperties.Xattrs, "xattrs"), (EntryProperties.Attributes, "attributes"),
    ];

    /// <summary>A word for each.</summary>
    internal static IEnumerable<string> Words(EntryProperties properties) =>
        s_words.Where(w => properties.HasFlag(w.Property)).Select(static w => w.Word);

    /// <summary>The same with what it was and is, where that is short.</summary>
    internal static string Describe(EntryProperties properties, in EntryStat before, in EntryStat after)
    {
        var parts = new List<string>();
        foreach ((EntryProperties property, string word) in s_words)
        {
            if (!properties.HasFlag(property)) { continue; }
            parts.Add(property switch
            {
                EntryProperties.Kind => $"{KindText.Of(before.Kind)} -> {KindText.Of(after.Kind)}",
                EntryProperties.Content when before.Size != after.Size => $"{Human.Size(before.Size)} -> {Human.Size(after.Size)}",
                EntryProperties.Mode => $"mode {Octal(before.Mode)} -> {Octal(after.Mode)}",
                EntryProperties.Owner => string.Create(CultureInfo.InvariantCulture,
                    $"owner {before.Uid}:{before.Gid} -> {after.Uid}:{after.Gid}"),
                _ => word,
            });
        }

        return string.Join(", ", parts);
    }

    private static string Octal(uint mode) => "0" + Convert.ToString((int)mode, 8).PadLeft(3, '0');
}
