using static Varve.Tests.Golden.VectorBytes;

namespace Varve.Tests.Golden;

/// <summary>What readers take, though no writer of ours makes it.</summary>
internal static class VectorTaken
{
    internal const string Header = """
        {"varve":1,"repository":"000102030405060708090a0b0c0d0e0f","created":"2026-11-29T12:00:00Z","packSize":33554432,"blockSize":4194304,"chunkMin":32768,"chunkAverage":131072,"chunkMax":524288}
        """;

    internal const string Slot = """
        {"slot":1,"repository":"000102030405060708090a0b0c0d0e0f","level":"full","method":"password","label":"a label","created":"2026-11-29T12:00:00Z","kdf":{"name":"scrypt","n":1024,"r":8,"p":1},"salt":"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=","sealed":"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc="}
        """;

    internal const string Session = """
        {"session":1,"kind":"writer","life":1800,"refresh":0,"host":"m","pid":7,"started":"2026-11-29T12:00:00Z","refreshed":"2026-11-29T12:30:00Z"}
        """;

    internal const string Key = "varve-key-1 BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";

    internal static void AddTo(VectorCases cases)
    {
        AddTexts(cases);
        AddTrees(cases);
        cases.List("leaves that are not equally deep", null, 3, [3, 1, 1, 1, 1], [3, 1, 1, 1, 2],
            ListNode((cases.IdOf([3, 1, 1, 1, 2]), 2)),
            ListNode((cases.IdOf([3, 1, 1, 1, 1]), 1), (cases.IdOf(ListNode((cases.IdOf([3, 1, 1, 1, 2]), 2))), 2)));
        cases.Footer("a pack without blocks", null, 0, [0]);
        cases.Footer("a chunk of no length", null, 17, [1, 17, 1, 0, 2, .. Id(1), 0, .. Id(2), 1]);
        cases.Block("a frame without the content's size", null, 35, "28b52ffd00586500003068656c6c6f200100b94b11");
        cases.Block("a frame with a checksum", null, 35, "28b52ffd04586500003068656c6c6f200100b94b112be168e7");
        cases.Block("a frame with a window of 2 GiB", null, 35, "28b52ffd00a86500003068656c6c6f200100b94b11");
        cases.Bytes("snapshotPublic", "unknown flags, an unknown tag that repeats, an end before the start", VectorFields.Of(
            (1, Id(1)), (2, [8, 0]), (3, [6, 0]), (4, [0xFC, 1]), (5, Id(5)), (6, new byte[14]), (99, [1]), (99, [2])));
        cases.Bytes("snapshotPrivate", "nothing but what is required", VectorFields.Of((4, []), (5, [])));
        cases.Bytes("notePublic", "an adoption of two lineages, and an unknown tag repeats", VectorFields.Of(
            (1, [1]), (2, [8, 0]), (3, [.. Id(1), .. Id(2)]), (4, [.. Id(3), .. Id(2)]), (4, [.. Id(4), .. new byte[32]]),
            (99, [1]), (99, [2])));
        cases.Bytes("notePublic", "of a kind that nobody knows", VectorFields.Of((1, [100]), (2, [8, 0])));
        cases.Bytes("notePrivate", "nothing at all", []);
        cases.Bytes("condemned", "nothing is condemned, and an unknown tag repeats",
            VectorFields.Of((1, [2, 0]), (3, new byte[16]), (99, [1]), (99, [2])));
        cases.Bytes("fence", "nothing at all", []);
        cases.Bytes("fence", "a fence, a decision without snapshots, one with, two replaced, and an unknown tag", VectorFields.Of(
            (1, [.. new byte[16], 0]), (1, [.. new byte[16], 1]), (1, [.. new byte[16], 1, .. Id(1), .. Id(2)]), (2, Id(3)), (2, Id(4)),
            (99, [1])));
        cases.Bytes("final", "and an unknown tag repeats", VectorFields.Of((1, Id(1)), (2, new byte[16]), (99, [1]), (99, [2])));
        cases.Bytes("indexRun", "parts of a later writer", [0, 0, 0, 0, 1, 7, 0]);
        AddLater(cases);
        cases.Sealed("as it was sealed", null, 4, "VARVECND", static s => s);
    }

    /// <summary>What a later writer may say.</summary>
    private static void AddLater(VectorCases cases)
    {
        (int, byte[])[] further = [(99, [1]), (99, []), (1_000, [2])];
        cases.Bytes("snapshotPublic", "a count of a reason that nobody knows", VectorFields.Of(
            (1, Id(1)), (2, [8, 0]), (3, [6, 0]), (5, Id(5)), (6, new byte[14]), (13, [1, 3, 0xC8, 1, 2, 0xAC, 2, 1])));
        cases.Bytes("snapshotPrivate", "an unknown tag that repeats", VectorFields.Of([(4, []), (5, []), .. further]));
        cases.Bytes("notePrivate", "an unknown tag that repeats", VectorFields.Of([(1, [97]), .. further]));
        cases.Bytes("bundle", "an unknown tag that repeats", VectorFields.Of([.. Bundle, .. further]));
        byte[] fields = VectorFields.Of([(1, new byte[16]), .. further]);
        cases.Bytes("indexRun", "an unknown tag that repeats", [0, 0, .. VarInt((ulong)fields.Length), .. fields]);
        cases.Bytes("markList", "a reason and an origin that nobody knows",
            [7, 1, 1, 1, 9, 1, (byte)'x', 2, 1, (byte)'a', 200, 1, 1, (byte)'b', 8, 0]);
        cases.Text("slot", "unknown members", Slot.Replace("{\"slot\"", "{\"further\":[{}],\"slot\"", StringComparison.Ordinal));
        cases.Text("session", "an unknown member, and a kind that nobody knows", Session.Replace(
            "\"kind\":\"writer\"", "\"further\":1.5,\"kind\":\"gardener\"", StringComparison.Ordinal));
        cases.Entry("unknown attributes", null, Entry(1, "a", 0, Field(9, VarInt(uint.MaxValue))));
    }

    /// <summary>The fields of a bundle of level full without identity.</summary>
    internal static (int, byte[])[] Bundle =>
        [(1, [2]), (2, new byte[16]), (3, Id(1)), (4, Id(1)), (5, Id(1)), (6, new byte[65]), (7, Id(1)), (8, [])];

    private static void AddTexts(VectorCases cases)
    {
        string Header(string member) => VectorTaken.Header.Replace("{", "{\"unknown\":" + member + ",", StringComparison.Ordinal);
        cases.Text("header", "an unknown member that is a fraction", Header("1.5"));
        cases.Text("header", "an unknown text of 2,000 characters", Header($"\"{new string('y', 2_000)}\""));
        cases.Text("header", "eight levels: the outer object is the first", Header("[[[[[[[0]]]]]]]"));
        cases.Text("header", "white space before and after", " \n" + VectorTaken.Header + "\r\n\t");
        cases.Text("header", "a time with a fraction and an offset",
            VectorTaken.Header.Replace("12:00:00Z", "12:00:00.123456789012-11:30", StringComparison.Ordinal));
        cases.Text("slot", "a time that is none", Slot.Replace("2026-11-29T12:00:00Z", "yesterday", StringComparison.Ordinal));
        cases.Text("slot", "a label with U+2028", Slot.Replace("a label", "\u2028", StringComparison.Ordinal));
        cases.Text("session", "as a writer makes it", Session);
        cases.Text("session", "one of a later version", "{\"session\":2}");
        cases.KeyFile("one line without end", Key);
        cases.KeyFile("blanks, tabs, CR LF and comments", $"# \u2603\0\r#\r\n\r\n \t{Key}\t \r\n\t# end");
    }

    private static void AddTrees(VectorCases cases)
    {
        byte[] empty = Leaf(), list = Field(1, 1, 1), tree = Field(3, cases.IdOf(empty)), device = Field(5, 1, 3);
        cases.Tree("varints that are longer than need be", null, [1, 1, 0x80, 0, 0x80, 0x80, 0, 0x81, 0, .. Entry(1, "a")]);
        cases.Tree("a node with one child", null, Leaf(Entry(1, "a")), Node((cases.IdOf(Leaf(Entry(1, "a"))), "a")));
        cases.Tree("an owner with an empty name", null, OwnedLeaf([1, 0, 0, 0], Entry(1, "a")));
        cases.Entry("unknown tags that repeat", null, Entry(1, "a", 0, Field(99, 1), Field(99, 2)));
        cases.Entry("unknown flags", null, Entry(1, "a"u8.ToArray(), 0x1A4, [2, 0], 0x7FFF_FFF8, 0));
        cases.Entry("an empty field of extents", null, Entry(1, "a", 0, Field(1)));
        cases.Entry("64 inline extents", null, Entry(1, "a", 64, Field(1, Times(64, 1, 1))));
        cases.Entry("a link group of 0, which is none", null, Entry(1, "a", 0, Field(6, new byte[8])));
        cases.Entry("details that mean nothing on a file", null, Entry(1, "a", 1, list, tree, Field(4, 1), device, Field(10, new byte[8])));
        cases.Entry("details that mean nothing on a directory, and a size", null,
            Entry(2, "a", 9, list, tree, device, Field(6, Times(8, 1))));
        cases.Entry("a symlink whose size is not its target's", null, Entry(3, "a", 9, Field(4, 1)));
        cases.Entry("details that mean nothing on a fifo", null, Entry(4, "a", 9, list, device));
    }
}
