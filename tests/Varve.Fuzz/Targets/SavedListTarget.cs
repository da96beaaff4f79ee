using Varve.Archives.Foreign;
using Varve.Archives.Lists;

namespace Varve.Fuzz.Targets;

/// <summary>
/// Lists of what was saved, as zpaq, tar, bsdtar, restic and borg print them: a byte that says which, or that the list tells itself, and
/// the list. Whatever is in it, each line is an entry with a name without NUL, or is passed over.
/// </summary>
internal sealed class SavedListTarget : IFuzzTarget
{
    private static readonly SavedFormat[] s_formats = [.. SavedFormat.Words.Select(static w => SavedFormat.Find(w)!.Value)];

    private readonly LocalTimes _times = new(TimeZoneInfo.Utc, new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero));

    public string Name => "savedlist";

    public IReadOnlyList<byte[]> Words { get; } =
        [.. ((string[])["2026-12-01 11:25:09", "Dec 31  1969", "-rw-r--r-- ", " link to ", " -> ", "\\377", "\"path\":", "\"mtime\":",
            "+05:30"])
            .Select(System.Text.Encoding.UTF8.GetBytes)];

    public IEnumerable<byte[]> Seeds()
    {
        byte auto = (byte)s_formats.Length;
        yield return [auto,
            .. "zpaq v7.15\nx.zpaq: 1 versions\n\n- 2026-12-01 11:25:09  7  0644 src/a -> b\n- 1970-01-00 99:99:98 0 d0755 a/\n"u8];
        yield return [auto,
            .. "drwxr-xr-x root/root 0 2026-12-01 11:25 a/\nhrw-r--r-- r/r 0 2026-12-01 11:04:18.5 a/x link to b\\n\\377\n"u8];
        yield return [auto, .. "crw-r--r-- r/r 1,3 2026-12-01 11:04 null\n"u8];
        yield return [auto, .. "-rw-r--r--  0 root   root        3 Dec  1 11:25 x y\nlrwxrwxrwx  0 1 2 0 Dec 31  1969 a/l -> x\n"u8];
        yield return [auto,
            .. "{\"struct_type\":\"node\",\"type\":\"file\",\"path\":\"/a\\u00e9\",\"mtime\":\"2026-12-01T11:25:09.3+05:30\"}\n"u8];
        yield return [auto, .. "{\"type\": \"-\", \"path\": \"src/a\", \"mtime\": \"2026-12-01T11:25:09.387398\", \"size\": 0}\n"u8];
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty) { return; }
        SavedFormat? format = input[0] < s_formats.Length ? s_formats[input[0]] : null;
        var reader = new SavedReader(new MemoryStream(input[1..].ToArray()), format, "list", _times, static _ => { });
        var entry = new ListEntry();
        while (reader.Read(ref entry))
        {
            Same.Require(!entry.Name.IsEmpty && entry.Name.IndexOf((byte)0) < 0, "an entry has no name that there can be");
            Same.Require(entry.Time.Nanoseconds is >= 0 and < 1_000_000_000, "a time has no nanoseconds that there can be");
        }
    }
}
