using Varve.Model.Bounds;
using Varve.Model.Bytes;
using Varve.Model.Snapshots;

namespace Varve.Tree;

/// <summary>
/// The counts of what was left out, in a snapshot's public part (docs/format.md, 9, tag 13): a reason and its count, by turns. Stateless,
/// thread-safe.
/// </summary>
internal static class LeftOutCodec
{
    /// <summary>The numbers, in their order; reasons without any are left out.</summary>
    internal static long[] Encode(LeftOutCounts counts)
    {
        var numbers = new List<long>();
        Add(LeftOutReason.Excluded, counts.Excluded);
        Add(LeftOutReason.NotEntered, counts.NotEntered);
        Add(LeftOutReason.OtherFileSystem, counts.OtherFileSystems);
        Add(LeftOutReason.OwnDirectory, counts.OwnDirectories);
        Add(LeftOutReason.KindNotStored, counts.KindsNotStored);
        Add(LeftOutReason.Ignored, counts.Ignored);
        Add(LeftOutReason.Tagged, counts.Tagged);
        Add(LeftOutReason.Property, counts.ByProperties);
        Add(LeftOutReason.Other, counts.Others);
        return [.. numbers];

        void Add(LeftOutReason reason, long count)
        {
            if (count > 0) { numbers.AddRange([(long)reason, count]); }
        }
    }

    /// <summary>What the numbers say. Reasons that are not known are counted together.</summary>
    /// <exception cref="VarveException">Damaged.</exception>
    internal static LeftOutCounts Decode(ReadOnlySpan<byte> value, Subject what)
    {
        var reader = new ByteReader(value, what);
        var counts = new LeftOutCounts();
        for (ulong last = 0; reader.Remaining > 0;)
        {
            ulong reason = reader.VarInt();
            if (reason <= last) { throw reader.Damaged("reasons of what was left out do not ascend"); }
            last = reason;
            long count = reader.VarInt63();
            counts = reason switch
            {
                (ulong)LeftOutReason.Excluded => counts with { Excluded = count },
                (ulong)LeftOutReason.NotEntered => counts with { NotEntered = count },
                (ulong)LeftOutReason.OtherFileSystem => counts with { OtherFileSystems = count },
                (ulong)LeftOutReason.OwnDirectory => counts with { OwnDirectories = count },
                (ulong)LeftOutReason.KindNotStored => counts with { KindsNotStored = count },
                (ulong)LeftOutReason.Ignored => counts with { Ignored = count },
                (ulong)LeftOutReason.Tagged => counts with { Tagged = count },
                (ulong)LeftOutReason.Property => counts with { ByProperties = count },
                _ => counts with { Others = Saturating.Add(counts.Others, count) },
            };
        }

        return counts;
    }
}
