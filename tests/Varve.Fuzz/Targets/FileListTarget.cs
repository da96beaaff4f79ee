using Varve.Archives.Lists;
using Varve.Model.Bytes;

namespace Varve.Fuzz.Targets;

/// <summary>
/// Lists of files: a byte that says of which format, or that the list tells itself, and the list. What is read says the same once written
/// in the same format and read again, with bad lines skipped.
/// </summary>
internal sealed class FileListTarget : IFuzzTarget
{
    private static readonly ListFormat[] s_formats = [.. ListFormat.Words.Select(static w => ListFormat.Find(w)!.Value)];

    public string Name => "filelist";

    public IReadOnlyList<byte[]> Words { get; } =
        [.. ((string[])["1700000000.1234567890 ", "-2.5 ", " 81a4 ", " 100644 ", " 644 f ", " root ", " ? ", "md5=x ", "\0", "\n", "/a b"])
            .Select(System.Text.Encoding.UTF8.GetBytes)];

    public IEnumerable<byte[]> Seeds()
    {
        byte[] find = [.. "1700000000.1234567890 12 7 644 f root 0 65024 /a b\nmd5=x -2.4 0 8 1777 d staff me 1 /t\n"u8];
        byte[] stat = [.. "1700000000 12 7 81a4 0 1000 65024 /a b\n? ? ? ? ? ? ? x\n"u8];
        for (int i = 0; i <= s_formats.Length; i++)
        {
            yield return [(byte)i, .. find];
            yield return [(byte)i, .. stat];
            yield return [(byte)i, .. find.Select(static b => b == (byte)'\n' ? (byte)0 : b)];
            yield return [(byte)i, .. find.Select(static b => b is (byte)'\n' or (byte)' ' ? (byte)0 : b)];
        }

        yield return [4, .. "1700000000 12 7 100644 0 1000 65024 /a b\n"u8];
        yield return [2, .. "1.5 3 a\n"u8];
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty) { return; }
        ListFormat? format = input[0] < s_formats.Length ? s_formats[input[0]] : null;
        ListFormat used = format ?? ListSniffer.Find(input[1..]) ?? default;
        var reader = new ListReader(new MemoryStream(input[1..].ToArray()), format, "list") { Skip = static _ => { } };
        var (entry, again) = (new ByteWriter(), new ByteWriter());
        var line = new ListEntry();
        while (reader.Read(ref line))
        {
            entry.Clear();
            string? wrong = ListWriter.Write(entry, used, in line);
            Same.Require(wrong is null, $"what was read cannot be written: {wrong}");
            var second = new ListReader(entry.ToStream(), used, "again");
            var copy = new ListEntry();
            Same.Require(second.Read(ref copy), "what was written is empty");
            Same.Require(copy.Name.SequenceEqual(line.Name) && copy.Size == line.Size && copy.Mode == line.Mode && copy.Kind == line.Kind
                && copy.Inode == line.Inode && copy.Device == line.Device && copy.User.SequenceEqual(line.User)
                && copy.Group.SequenceEqual(line.Group) && copy.Further.SequenceEqual(line.Further) && copy.HasTime == line.HasTime,
                "it is another entry once it was written");
            again.Clear();
            Same.Require(ListWriter.Write(again, used, in copy) is null && again.Written.SequenceEqual(entry.Written),
                "it is written otherwise the second time");
        }
    }
}
