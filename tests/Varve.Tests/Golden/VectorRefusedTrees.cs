using static Varve.Tests.Golden.VectorBytes;

namespace Varve.Tests.Golden;

/// <summary>What readers refuse of trees and extent lists: a chunk, with all that is in it, or one entry alone.</summary>
internal static class VectorRefusedTrees
{
    private const string Damaged = VectorRefused.Damaged, OneEntry = "entry";

    internal static void AddTo(VectorCases cases)
    {
        AddLeaves(cases);
        AddNodes(cases);
        AddEntries(cases);
        AddLists(cases);
    }

    private static void AddLeaves(VectorCases cases)
    {
        byte[] tree = Field(3, Id(3)), list = Field(2, Id(2));
        void Leaf(string what, byte[] entry) => cases.Entry(what, Damaged, entry);
        cases.Tree("an unknown first byte", Damaged, [7, 1, 0, 0, 0]);
        cases.Tree("a first byte that nobody knows", Damaged, [8, 1, 0, 0, 0]);
        cases.Tree("a version above 1", Damaged, [1, 2, 0, 0, 0]);
        cases.Tree("an extent list for a tree", Damaged, [3, 1, 1, 1, 1]);
        cases.Tree("something follows the last entry", Damaged, [.. VectorBytes.Leaf(Entry(1, "a")), 0]);
        cases.Tree("more entries than can follow", Damaged, [1, 1, 0, 0, 0xFF, 0xFF, 3]);
        cases.Tree("names that descend", Damaged, VectorBytes.Leaf(Entry(1, "b"), Entry(1, "a")));
        cases.Tree("a name twice", Damaged, VectorBytes.Leaf(Entry(1, "a"), Entry(1, "a")));
        cases.Tree("users that descend", Damaged, OwnedLeaf([2, 5, 1, 120, 3, 1, 121, 0], Entry(1, "a")));
        cases.Tree("a user twice", Damaged, OwnedLeaf([2, 5, 1, 120, 5, 1, 121, 0], Entry(1, "a")));
        cases.Tree("a group twice", Damaged, OwnedLeaf([0, 2, 5, 1, 120, 5, 1, 121], Entry(1, "a")));
        foreach (string name in (string[])["", ".", "..", "/", "a/b"]) { Leaf($"the name \"{name}\"", Entry(1, name)); }
        Leaf("a name with NUL", Entry(1, "a\0"));
        Leaf("an unknown kind", Entry(8, "a"));
        Leaf("a mode above 07777", Entry(1, "a"u8.ToArray(), 0x81A4, [2, 0], 0, 0));
        Leaf("10^9 nanoseconds", Entry(1, "a"u8.ToArray(), 0x1A4, [2, .. VarInt(1_000_000_000)], 0, 0));
        Leaf("flags of 2^31", Entry(1, "a"u8.ToArray(), 0x1A4, [2, 0], 1UL << 31, 0));
        Leaf("an entry that ends too soon", Sized(1, 1, (byte)'a', 0, 0, 0, 0, 2, 0, 4, 0, 9, 0x80));
        Leaf("user 2^32-1", Sized([1, 1, 97, 0, .. VarInt(uint.MaxValue), 0, 0, 2, 0, 4, 0, 9, 0]));
        Leaf("group 2^32-1", Sized([1, 1, 97, 0, 0, .. VarInt(uint.MaxValue), 0, 2, 0, 4, 0, 9, 0]));
        Leaf("a directory without a tree", Entry(2, "a"));
        Leaf("tags that descend", Entry(1, "a", 0, Field(8, 2, 0), Field(6, new byte[8])));
        Leaf("a tag twice", Entry(1, "a", 0, Field(6, new byte[8]), Field(6, new byte[8])));
        Leaf("tags 1 and 2", Entry(1, "a", 1, Field(1, 1, 1), list));
        Leaf("an extent list's id of 31 bytes", Entry(1, "a", 1, Field(2, Id(2)[1..])));
        Leaf("a tree's id of 33 bytes", Entry(2, "a", 0, Field(3, [.. Id(3), 3])));
        Leaf("a link group of 7 bytes", Entry(1, "a", 0, Field(6, new byte[7])));
        Leaf("a mount of 9 bytes", Entry(2, "a", 0, tree, Field(10, new byte[9])));
        Leaf("a device with three numbers", Entry(6, "a", 0, Field(5, 1, 2, 3)));
        Leaf("a birth that is too long", Entry(1, "a", 0, Field(8, 2, 0, 0)));
        Leaf("attributes of 2^32", Entry(1, "a", 0, Field(9, VarInt(1UL << 32))));
    }

    private static void AddNodes(VectorCases cases)
    {
        byte[] a = Leaf(Entry(1, "a")), c = Leaf(Entry(1, "c")), empty = Leaf();
        byte[] Id(byte[] chunk) => cases.IdOf(chunk);
        byte[] above = Node((Id(c), "c")), first = Node((Id(a), "a"));
        cases.Tree("a node without children", Damaged, [2, 1, 0]);
        cases.Tree("first names that descend", Damaged, a, c, Node((Id(c), "c"), (Id(a), "a")));
        cases.Tree("a child that does not begin with the name in the node", Damaged, a, c, Node((Id(a), "a"), (Id(c), "b")));
        cases.Tree("a node that does not begin with the name in the node above", Damaged, c, above, Node((Id(above), "b")));
        cases.Tree("an empty leaf below a node", Damaged, empty, Node((Id(empty), "a")));
        cases.Tree("leaves that are not equally deep", Damaged, a, c, above, Node((Id(a), "a"), (Id(above), "c")));
        cases.Tree("names that ascend in each leaf and not over all", Damaged, Leaf(Entry(1, "a"), Entry(1, "d")), c,
            Node((Id(Leaf(Entry(1, "a"), Entry(1, "d"))), "a"), (Id(c), "c")));
        cases.Tree("something follows the last child", Damaged, a, [.. first, 0]);
        var chain = new List<byte[]> { a };
        for (int i = 0; i < 8; i++) { chain.Add(Node((Id(chain[^1]), "a"))); }
        cases.Tree("nine levels", Damaged, [.. chain]);
    }

    private static void AddEntries(VectorCases cases)
    {
        void One(string what, byte[] entry) => cases.Entry(what, OneEntry, entry);
        byte[] xattr = Field(7, [6, .. "user.a1"u8]), other = Field(7, [6, .. "user.b1"u8]);
        One("a symlink without a target", Entry(3, "a", 6));
        One("a symlink with an empty target", Entry(3, "a", 0, Field(4)));
        One("a symlink with NUL in its target", Entry(3, "a", 3, Field(4, 65, 0, 65)));
        One("a character device without numbers", Entry(6, "a"));
        One("a block device without numbers", Entry(7, "a"));
        One("an attribute twice", Entry(1, "a", 0, xattr, xattr));
        One("attributes that descend", Entry(4, "a", 0, other, xattr));
        One("an attribute without a name", Entry(1, "a", 0, Field(7, 0, 1)));
        One("an attribute with NUL in its name", Entry(1, "a", 0, Field(7, 3, 97, 0, 98, 1)));
        One("65 inline extents", Entry(1, "a", 65, Field(1, Times(65, 1, 1))));
        One("an extent of an unknown kind", Entry(1, "a", 2, Field(1, 2, 2)));
        One("a hole of no length", Entry(1, "a", 1, Field(1, 1, 0, 1, 1)));
        One("an extent of the chunk 0", Entry(1, "a", 1, Field(1, [0, .. new byte[32], 0, 1])));
        One("an extent beyond 16 MiB", Entry(1, "a", 1, Field(1, [0, .. Id(1), .. VarInt(16 << 20), 1])));
        One("half an extent", Entry(1, "a", 1, Field(1, 1, 1, 0)));
        One("extents that end before the size", Entry(1, "a", 3, Field(1, 1, 2)));
        One("extents beyond the size", Entry(1, "a", 1, Field(1, 1, 2)));
        One("content without extents", Entry(1, "a", 5));
    }

    private static void AddLists(VectorCases cases)
    {
        byte[] one = [3, 1, 1, 1, 1], two = [3, 1, 2, 1, 1, 1, 1];
        cases.List("a leaf without extents", Damaged, 0, [3, 1, 0]);
        cases.List("a node without children", Damaged, 0, [4, 1, 0]);
        cases.List("a version above 1", Damaged, 1, [3, 2, 1, 1, 1]);
        cases.List("extents that end before the size", Damaged, 2, one);
        cases.List("extents beyond the size", Damaged, 1, two);
        cases.List("an extent of no length", Damaged, 1, [3, 1, 2, 1, 1, 1, 0]);
        cases.List("an extent of an unknown kind", Damaged, 1, [3, 1, 1, 2, 1]);
        cases.List("a child that is not as long as the node says", Damaged, 3, one, two,
            ListNode((cases.IdOf(one), 2), (cases.IdOf(two), 1)));
        cases.List("something follows the last extent", Damaged, 1, [.. one, 0]);
        cases.List("a tree for a list", Damaged, 1, Leaf());
        var chain = new List<byte[]> { one };
        for (int i = 0; i < 8; i++) { chain.Add(ListNode((cases.IdOf(chain[^1]), 1))); }
        cases.List("nine levels", Damaged, 1, [.. chain]);
    }
}
