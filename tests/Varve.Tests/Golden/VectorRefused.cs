using static Varve.Tests.Golden.VectorBytes;

namespace Varve.Tests.Golden;

/// <summary>What readers refuse, of objects that are no trees.</summary>
internal static class VectorRefused
{
    internal const string Damaged = "damaged", Unsupported = "unsupported", NoKeyFile = "no key file";

    internal static void AddTo(VectorCases cases)
    {
        AddHeaders(cases);
        AddSlotsAndSessions(cases);
        AddKeyFiles(cases);
        AddFields(cases);
        AddPacks(cases);
        cases.Bytes("failureList", "an unknown operation", [5, 1, 1, 1, (byte)'a', 0, 0, 0], Damaged);
        cases.Bytes("failureList", "an error number of 2^31", [5, 1, 1, 1, (byte)'a', 1, .. VarInt(1UL << 31), 0], Damaged);
        cases.Bytes("failureList", "more failures than can follow", [5, 1, 0x7F, 0], Damaged);
        cases.Bytes("failureList", "a version above 1", [5, 2, 0], Damaged);
        cases.Bytes("pendingList", "a version above 1", [6, 2, 0], Damaged);
        cases.Bytes("markList", "a version above 1", [7, 2, 0, 0, 0], Damaged);
        cases.Bytes("pendingList", "something follows the last file", [6, 1, 0, 0], Damaged);
        cases.Bytes("markList", "a path that does not ascend", [7, 1, 0, 0, 2, 1, (byte)'b', 2, 0, 1, (byte)'a', 2, 0], Damaged);
        cases.Bytes("markList", "a path twice", [7, 1, 0, 0, 2, 1, (byte)'a', 2, 0, 1, (byte)'a', 3, 0], Damaged);
        cases.Bytes("markList", "the root", [7, 1, 0, 0, 1, 0, 2, 0], Damaged);
        cases.Bytes("markList", "a mark without a reason", [7, 1, 0, 0, 1, 1, (byte)'a', 0, 0], Damaged);
        cases.Bytes("markList", "a rule that is not there", [7, 1, 1, 1, 1, 1, (byte)'x', 1, 1, (byte)'a', 1, 2], Damaged);
        cases.Bytes("markList", "more rules than there were", [7, 1, 1, 2, 1, 1, (byte)'x', 1, 1, (byte)'y', 0], Damaged);
        cases.Bytes("markList", "something follows the last mark", [7, 1, 0, 0, 0, 0], Damaged);
    }

    private static void AddHeaders(VectorCases cases)
    {
        void Header(string what, string from, string to, string expect = Damaged) =>
            cases.Text("header", what, Replace(VectorTaken.Header, from, to), expect);
        Header("a version above 1", "\"varve\":1", "\"varve\":2", Unsupported);
        Header("version 0", "\"varve\":1", "\"varve\":0");
        Header("a member twice", "{", "{\"varve\":1,");
        Header("an unknown member twice", "{", "{\"a\":1,\"a\":1,");
        Header("nine levels", "{", "{\"a\":[[[[[[[[0]]]]]]]],");
        Header("a comment", "{", "{/**/");
        Header("something after the object", "}", "}}");
        Header("an integer with a fraction", "33554432", "33554432.0");
        Header("a digit of the id in upper case", "0a0b", "0A0b");
        Header("a time without an offset", "12:00:00Z", "12:00:00");
        Header("a time with small letters", "T12:00:00Z", "t12:00:00z");
        Header("a missing member", ",\"chunkMax\":524288", "");
        Header("chunkMin above chunkAverage", "32768", "131073");
        Header("chunkMin below 64", "32768", "63");
        Header("blocks above 32 MiB", "4194304", "33554433");
    }

    private static void AddSlotsAndSessions(VectorCases cases)
    {
        void Slot(string what, string from, string to, string expect = Damaged) =>
            cases.Text("slot", what, Replace(VectorTaken.Slot, from, to), expect);
        Slot("a version above 1", "\"slot\":1", "\"slot\":2", Unsupported);
        Slot("an unknown level", "\"full\"", "\"half\"", Unsupported);
        Slot("an unknown method", "\"password\"", "\"retina\"", Unsupported);
        Slot("an unknown kdf", "\"scrypt\"", "\"argon2id\"", Unsupported);
        Slot("n that is no power of two", "1024", "1023");
        Slot("128 * n * r above 1 GiB", "1024", "2097152");
        Slot("r of 0", "\"r\":8", "\"r\":0");
        Slot("n that is not below 2^(16 * r)", "\"n\":1024,\"r\":8", "\"n\":65536,\"r\":1");
        Slot("p above 16", "\"p\":1", "\"p\":17");
        Slot("a label with U+007F", "a label", "\u007F");
        Slot("a label with U+0085", "a label", "\u0085");
        Slot("a label of 1,025 UTF-16 code units", "a label", new string('a', 1_025));
        Slot("white space in base64", "\"salt\":\"Bwc", "\"salt\":\"Bwc ");
        Slot("base64 with bits that belong to no byte", "Bwc=\",\"sealed", "Bwd=\",\"sealed");
        Slot("a salt of 33 bytes", "Bwc=\",\"sealed", "BwcH\",\"sealed");
        cases.Text("session", "half an object", "{", Damaged);
        cases.Text("session", "a missing member", Replace(VectorTaken.Session, "\"host\":\"m\",", ""), Damaged);
        cases.Text("session", "a time that is none", Replace(VectorTaken.Session, "2026-11-29T12:30:00Z", "soon"), Damaged);
        cases.Text("session", "a life of no length", Replace(VectorTaken.Session, "1800", "0"), Damaged);
    }

    private static void AddKeyFiles(VectorCases cases)
    {
        const string key = VectorTaken.Key;
        cases.KeyFile("a later version", "varve-key-2 anything\n", Unsupported);
        cases.KeyFile("a version that is no number", Replace(key, "1 ", "x "), NoKeyFile);
        cases.KeyFile("two versions", $"varve-key-2 anything\n{key}\n", NoKeyFile);
        cases.KeyFile("the same line twice", $"{key}\n{key}\n", NoKeyFile);
        cases.KeyFile("another line", $"{key}\nand more\n", NoKeyFile);
        cases.KeyFile("nothing but comments", "# nothing\n", NoKeyFile);
        cases.KeyFile("two spaces", Replace(key, " ", "  "), NoKeyFile);
        cases.KeyFile("a tab for the space", Replace(key, " ", "\t"), NoKeyFile);
        cases.KeyFile("CR that no LF follows", $"# a comment\r{key}\n", NoKeyFile);
        cases.KeyFile("a no-break space at the end", key + "\u00A0\n", NoKeyFile);
        cases.KeyFile("a byte order mark", "\uFEFF" + key, NoKeyFile);
        cases.KeyFile("31 bytes", "varve-key-1 BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBw==\n", NoKeyFile);
        byte[] comment = [(byte)'#', 0xFF, (byte)'\n'];
        cases.Bytes("keyFile", "a comment that is not UTF-8", [.. comment, .. System.Text.Encoding.ASCII.GetBytes(key)], NoKeyFile);
    }

    private static void AddFields(VectorCases cases)
    {
        byte[] id = Id(1), time = [2, 0], counts = new byte[14];
        cases.Bytes("condemned", "no time", VectorFields.Of((2, id), (3, new byte[16])), Damaged);
        cases.Bytes("condemned", "tags that descend", VectorFields.Of((2, id), (1, time)), Damaged);
        cases.Bytes("condemned", "a tag twice", VectorFields.Of((1, time), (1, time), (3, new byte[16])), Damaged);
        cases.Bytes("condemned", "a value that is longer than its type", VectorFields.Of((1, [2, 0, 0]), (3, new byte[16])), Damaged);
        cases.Bytes("condemned", "a session of 15 bytes", VectorFields.Of((1, time), (3, new byte[15])), Damaged);
        cases.Bytes("condemned", "no session", VectorFields.Of((1, time), (2, id)), Damaged);
        cases.Bytes("fence", "a session of 15 bytes", VectorFields.Of((1, new byte[15])), Damaged);
        cases.Bytes("fence", "neither fence nor decision", VectorFields.Of((1, [.. new byte[16], 2])), Damaged);
        cases.Bytes("fence", "a fence with a snapshot", VectorFields.Of((1, [.. new byte[16], 0, .. id])), Damaged);
        cases.Bytes("fence", "a decision with half a snapshot", VectorFields.Of((1, [.. new byte[16], 1, .. id[16..]])), Damaged);
        cases.Bytes("fence", "a replaced object of 31 bytes", VectorFields.Of((2, id[1..])), Damaged);
        cases.Bytes("final", "of no list", VectorFields.Of((2, new byte[16])), Damaged);
        cases.Bytes("final", "of no session", VectorFields.Of((1, id)), Damaged);
        cases.Bytes("final", "a session of 17 bytes", VectorFields.Of((1, id), (2, new byte[17])), Damaged);
        cases.Bytes("condemned", "a length that reaches beyond the end", [1, 3, 2, 0], Damaged);
        cases.Bytes("condemned", "10^9 nanoseconds", VectorFields.Of((1, [2, .. VarInt(1_000_000_000)]), (3, new byte[16])), Damaged);
        cases.Bytes("condemned", "a varint over 2^64-1", VectorFields.Of((1, [.. Times(9, 0xFF), 2, 0]), (3, new byte[16])), Damaged);
        cases.Bytes("condemned", "a varint of 11 bytes", VectorFields.Of((1, [.. Times(10, 0x80), 0, 0]), (3, new byte[16])), Damaged);
        cases.Bytes("snapshotPublic", "no counts", VectorFields.Of((1, id), (2, time), (3, time), (5, id)), Damaged);
        cases.Bytes("snapshotPublic", "13 counts", VectorFields.Of((1, id), (2, time), (3, time), (5, id), (6, counts[1..])), Damaged);
        cases.Bytes("snapshotPublic", "a root tree of 31 bytes",
            VectorFields.Of((1, id), (2, time), (3, time), (5, id[1..]), (6, counts)), Damaged);
        cases.Bytes("notePublic", "no kind", VectorFields.Of((2, time)), Damaged);
        cases.Bytes("notePublic", "no time", VectorFields.Of((1, [1]), (3, new byte[64])), Damaged);
        cases.Bytes("notePublic", "an adoption of no source", VectorFields.Of((1, [1]), (2, time)), Damaged);
        cases.Bytes("notePublic", "a source of zeros", VectorFields.Of((1, [1]), (2, time), (3, new byte[64])), Damaged);
        cases.Bytes("notePublic", "a lineage of 63 bytes", VectorFields.Of((1, [2]), (2, time), (3, [.. id, .. new byte[31]])), Damaged);
        cases.Bytes("notePublic", "a time twice", VectorFields.Of((1, [3]), (2, time), (2, time)), Damaged);
        cases.Bytes("notePrivate", "two names", VectorFields.Of((1, [1]), (1, [2])), Damaged);
        cases.Bytes("notePrivate", "tags that descend", VectorFields.Of((3, [1]), (1, [2])), Damaged);
        cases.Bytes("snapshotPrivate", "no canonical root", VectorFields.Of((4, [])), Damaged);
        (int, byte[])[] bundle = VectorTaken.Bundle;
        cases.Bytes("bundle", "a tag twice", VectorFields.Of([.. bundle, (8, [])]), Damaged);
        cases.Bytes("snapshotPublic", "flags of 2^32", VectorFields.Of(
            (1, id), (2, time), (3, time), (4, VarInt(1UL << 32)), (5, id), (6, counts)), Damaged);
        cases.Bytes("notePublic", "the kind 0", VectorFields.Of((1, [0]), (2, time)), Damaged);
        cases.Bytes("notePublic", "a kind of 2^32", VectorFields.Of((1, VarInt(1UL << 32)), (2, time)), Damaged);
        cases.Bytes("bundle", "level 3", VectorFields.Of([(1, [3]), .. bundle[1..]]), Damaged);
        cases.Bytes("bundle", "level write with a private key", VectorFields.Of([(1, [1]), .. bundle[1..]]), Damaged);
        cases.Bytes("bundle", "level full without a private key", VectorFields.Of([.. bundle[..6], bundle[7]]), Damaged);
        cases.Bytes("bundle", "no header", VectorFields.Of(bundle[..7]), Damaged);
        cases.Sealed("opened as another type", Damaged, 3, "VARVECND", static s => s);
        cases.Sealed("opened in another context", Damaged, 4, "VARVESNP", static s => s);
        cases.Sealed("a flipped bit", Damaged, 4, "VARVECND", static s => [.. s[..40], (byte)(s[40] ^ 1), .. s[41..]]);
        cases.Sealed("the last byte is gone", Damaged, 4, "VARVECND", static s => s[..^1]);
        cases.Sealed("a salt and nothing else", Damaged, 4, "VARVECND", static s => s[..32]);
    }

    private static void AddPacks(VectorCases cases)
    {
        byte[] header = [.. "VARVPACK"u8, 1, 1, .. new byte[6], .. Times(129, 7)];
        byte[] With(int at, byte value) => [.. header[..at], value, .. header[(at + 1)..]];
        cases.Bytes("packHeader", "an unknown format", With(8, 2), Damaged);
        cases.Bytes("packHeader", "an unknown kind", With(9, 3), Damaged);
        cases.Bytes("packHeader", "a byte that is to be zero", With(15, 1), Damaged);
        cases.Footer("a codec above 1", Damaged, 18, [1, 18, 2, 2, 1, .. Id(1), 2]);
        cases.Footer("a block without chunks", Damaged, 17, [1, 17, 1, 0, 0, .. Id(1), 1]);
        cases.Footer("chunks that do not add up", Damaged, 18, [1, 18, 2, 0, 1, .. Id(1), 1]);
        cases.Footer("codec 0 with another stored length", Damaged, 19, [1, 19, 2, 0, 1, .. Id(1), 2]);
        cases.Footer("blocks that end before the footer", Damaged, 19, [1, 18, 2, 0, 1, .. Id(1), 2]);
        cases.Footer("something after the last block", Damaged, 18, [1, 18, 2, 0, 1, .. Id(1), 2, 0]);
        byte[] listing = [0, 1, .. Id(9), .. VarInt(145 + 32 + 1 + 16 + 12), 1, 1, 0];
        cases.Bytes("indexRun", "a pack of an unknown kind", [.. listing[..^3], 3, 1, 0], Damaged);
        byte[] footer = [1, 18, 2, 2, 1, .. Id(1), 2];
        cases.Bytes("indexRun", "a codec above 1",
            [0, 1, .. Id(9), .. VarInt(145 + 18 + 32 + (ulong)footer.Length + 16 + 12), 1, (byte)footer.Length, .. footer], Damaged);
        cases.Bytes("indexRun", "half a part follows", [0, 0, 2, 1], Damaged);
        cases.Bytes("indexRun", "a session of 15 bytes", [0, 0, 17, 1, 15, .. new byte[15]], Damaged);
        cases.Bytes("indexRun", "a pack of another size", [0, 1, .. Id(9), .. VarInt(145 + 32 + 1 + 16 + 13), 1, 1, 0], Damaged);
        cases.Block("another frame follows", Damaged, 5, "28b52ffd200529000068656c6c6f28b52ffd2000010000");
        cases.Block("a skippable frame follows", Damaged, 5, "28b52ffd200529000068656c6c6f502a4d1800000000");
        cases.Block("a frame of fewer bytes", Damaged, 6, "28b52ffd200529000068656c6c6f");
        cases.Block("a frame of more bytes", Damaged, 4, "28b52ffd200529000068656c6c6f");
        cases.Block("a frame that is cut short", Damaged, 5, "28b52ffd200529000068656c6c");
        cases.Block("a checksum that is wrong", Damaged, 35, "28b52ffd04586500003068656c6c6f200100b94b112be168e8");
    }

    private static string Replace(string text, string from, string to)
    {
        Assert.Contains(from, text, StringComparison.Ordinal);
        int at = text.IndexOf(from, StringComparison.Ordinal);
        return text[..at] + to + text[(at + from.Length)..];
    }
}
