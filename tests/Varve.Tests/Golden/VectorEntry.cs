using System.Text.Json.Nodes;
using Varve.Model;

namespace Varve.Tests.Golden;

/// <summary>An entry of the tree of docs/vectors.json.</summary>
internal sealed record VectorEntry(byte[] Name, EntryKind Kind, EntryDetails Details)
{
    internal uint Uid { get; init; } = 1_000;

    internal uint Mode { get; init; } = 0x1A4;

    internal long Size { get; init; }

    internal EntryFlags Flags { get; init; }

    /// <summary>0: made up from the name.</summary>
    internal ulong Inode { get; init; }

    internal EntryStat Stat => new()
    {
        Kind = Kind, Mode = Mode, Uid = Uid, Gid = Uid == 1_000 ? 1_000u : 0, Size = Size,
        Inode = Inode != 0 ? Inode : 1_000 + (ulong)Name.Length + Name[0],
        Mtime = new FileTime(-1, 500_000_000), Ctime = new FileTime(1_764_417_599, 250_000_000),
    };

    /// <summary>The same in words that need no library to read.</summary>
    internal JsonObject Describe()
    {
        EntryStat stat = Stat;
        return new JsonObject
        {
            ["name"] = VectorMaker.Hex(Name),
            ["kind"] = (int)Kind,
            ["mode"] = stat.Mode,
            ["uid"] = stat.Uid,
            ["gid"] = stat.Gid,
            ["size"] = stat.Size,
            ["mtime"] = VectorWords.Of(stat.Mtime), ["ctime"] = VectorWords.Of(stat.Ctime), ["inode"] = stat.Inode, ["flags"] = (int)Flags,
            ["details"] = VectorWords.Of(Details),
        };
    }
}
