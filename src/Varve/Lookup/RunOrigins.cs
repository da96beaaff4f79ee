using System.Buffers.Binary;
using Varve.Model;
using Varve.Model.Snapshots;

namespace Varve.Lookup;

/// <summary>Reads the section of a run in the cache that says of which runs of the repository it was made. Stateless.</summary>
internal static class RunOrigins
{
    /// <summary>The runs, checked; what makes no sense throws <see cref="ErrorKind.Damaged"/>.</summary>
    /// <param name="run">The run; it is read from.</param>
    /// <param name="counts">What its header says.</param>
    /// <param name="at">Where in it the section begins.</param>
    internal static RunOrigin[] Read(RunReader run, in RunCounts counts, long at)
    {
        var origins = new RunOrigin[counts.Origins];
        var record = new byte[RunLayout.OriginLength];
        long namesAt = at + (long)RunLayout.OriginLength * origins.Length;
        uint left = counts.Superseded;
        for (int i = 0; i < origins.Length; i++)
        {
            run.Read(at + (long)RunLayout.OriginLength * i, record);
            uint count = U32(record, RunLayout.OriginSuperseded);
            if (count > left) { throw run.Damaged($"its run {i} makes no sense"); }
            var names = new byte[count * RunLayout.SupersededLength];
            run.Read(namesAt + (long)RunLayout.SupersededLength * (counts.Superseded - left), names);
            ObjectName[] superseded = [.. names.Chunk(RunLayout.SupersededLength).Select(static n => new ObjectName(n))];
            left -= count;
            bool isSound = U32(record, RunLayout.OriginSum) == RunLayout.OriginChecksum(record, superseded);
            if (!isSound) { throw run.Damaged($"the checksum of its run {i} does not match"); }
            origins[i] = new RunOrigin(new ObjectName(record))
            {
                Signature = (SignatureState)record[RunLayout.OriginState],
                Signer = new Bytes32(record.AsSpan(RunLayout.OriginSigner)),
                Level = record[RunLayout.OriginLevel] is > 0 and var level ? (KeyLevel)level : null,
                Session = new SessionId(record.AsSpan(RunLayout.OriginSession)),
                Superseded = superseded,
            };
        }

        return left == 0 ? origins : throw run.Damaged("it names superseded runs that none of its runs does");
    }

    private static uint U32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);
}
