using System.Buffers.Binary;
using Varve.Catalog.Rows;
using Varve.Catalog.Sql;
using Varve.Model;
using Varve.Model.Snapshots;
using Varve.Model.Bytes;

namespace Varve.Catalog.Tables;

/// <summary>The table of snapshots. Those of a source are guarded by the tally under the source's number.</summary>
internal sealed class SnapshotTable(SqliteConnection connection, TallyTable tallies)
{
    private const string Columns =
        "num, source, state, resumed, object, start, start_ns, finish, finish_ns, root_tree, parent, flags, files, directories, symlinks, "
        + "others, bytes, failed, new, changed, metadata_only, unchanged, gone, bytes_read, bytes_added, bytes_stored, program, moved, "
        + "pending_files, pending_bytes, place, clocks, roots, generation, sum";

    private const int ClockSize = 20;

    private Statement? _ofSource, _put, _delete;

    /// <summary>The snapshots of a source, by number.</summary>
    public List<SnapshotRow> OfSource(long source)
    {
        _ofSource ??= connection.Prepare($"SELECT {Columns} FROM snapshot WHERE source=? ORDER BY num");
        var rows = new List<SnapshotRow>();
        tallies.TryGetAndHold(source, out Tally tally);
        try
        {
            Tally seen = default;
            _ofSource.Bind(1, source);
            while (_ofSource.Step())
            {
                SnapshotRow row = Decode(_ofSource);
                int sum = Sum(row);
                if (sum != _ofSource.Int(34)) { throw _ofSource.Damaged("a snapshot does not match its sum"); }
                seen = seen.Plus(Tally.Of(sum, live: true));
                rows.Add(row);
            }

            if (seen != tally) { throw _ofSource.Damaged("snapshots are missing or too many"); }
            return rows;
        }
        finally
        {
            _ofSource.Reset();
            tallies.Release();
        }
    }

    /// <summary>Adds or replaces a snapshot; <paramref name="old"/> is the row it replaces.</summary>
    public void Put(SnapshotRow r, SnapshotRow? old)
    {
        _put ??= connection.Prepare(
            $"INSERT OR REPLACE INTO snapshot({Columns}) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
        SnapshotCounts c = r.Counts;
        int sum = Sum(r);
        _put.Bind(1, r.Number).Bind(2, r.Source).Bind(3, (long)r.State).Bind(4, r.Resumed ? 1 : 0).Bind(5, r.Object.Value)
            .Bind(6, r.Start.Seconds).Bind(7, r.Start.Nanoseconds).Bind(8, r.End.Seconds).Bind(9, r.End.Nanoseconds)
            .Bind(10, r.RootTree.Value).Bind(11, r.Parent.Value).Bind(12, Flags(r))
            .Bind(13, c.Files).Bind(14, c.Directories).Bind(15, c.Symlinks).Bind(16, c.Others).Bind(17, c.Bytes).Bind(18, c.Failed)
            .Bind(19, c.New)
            .Bind(20, c.Changed).Bind(21, c.MetadataOnly).Bind(22, c.Unchanged).Bind(23, c.Gone).Bind(24, c.BytesRead)
            .Bind(25, c.BytesAdded)
            .Bind(26, c.BytesStored).BindText(27, r.Program).Bind(28, c.Moved).Bind(29, c.PendingFiles).Bind(30, c.PendingBytes)
            .Bind(31, r.Place).Bind(32, ClockBytes(r)).Bind(33, RootsOf(r)).Bind(34, r.Generation).Bind(35, sum).Execute();
        tallies.Add(r.Source, Tally.Of(sum, live: true).Minus(old == null ? default : Tally.Of(Sum(old), live: true)));
    }

    /// <summary>Removes a snapshot. Its number is not used again.</summary>
    public void Delete(SnapshotRow row)
    {
        _delete ??= connection.Prepare("DELETE FROM snapshot WHERE num=?");
        _delete.Bind(1, row.Number).Execute();
        tallies.Add(row.Source, default(Tally).Minus(Tally.Of(Sum(row), live: true)));
    }

    private static SnapshotRow Decode(Statement s) => new()
    {
        Number = s.Int(0), Source = s.Int(1), State = (SnapshotState)s.Int(2), Resumed = s.Int(3) != 0,
        Object = new ObjectName(s.Bytes32(4)),
        Start = new FileTime(s.Int(5), (int)s.Int(6)), End = new FileTime(s.Int(7), (int)s.Int(8)),
        RootTree = new ChunkId(s.Bytes32(9)), Parent = new ObjectName(s.Bytes32(10)),
        IsPartial = (s.Int(11) & 1) != 0, HasFailures = (s.Int(11) & 2) != 0, IsSkipped = (s.Int(11) & 4) != 0,
        Counts = new SnapshotCounts
        {
            Files = s.Int(12), Directories = s.Int(13), Symlinks = s.Int(14), Others = s.Int(15), Bytes = s.Int(16), Failed = s.Int(17),
            New = s.Int(18),
            Changed = s.Int(19), MetadataOnly = s.Int(20), Unchanged = s.Int(21), Gone = s.Int(22), BytesRead = s.Int(23),
            BytesAdded = s.Int(24),
            BytesStored = s.Int(25), Moved = s.Int(27), PendingFiles = s.Int(28), PendingBytes = s.Int(29),
        },
        Program = s.Text(26), Place = s.Blob(30).ToArray(), Clocks = ReadClocks(s), Removable = ReadRoots(s), Generation = s.Int(33),
    };

    private static byte[] RootsOf(SnapshotRow r)
    {
        var writer = new ByteWriter();
        foreach (RemovableRoot root in r.Removable)
        {
            writer.Bytes(root.Below);
            writer.Text(root.FileSystem);
            writer.U8(root.IsThere ? (byte)1 : (byte)0);
        }

        return writer.ToArray();
    }

    private static List<RemovableRoot> ReadRoots(Statement s)
    {
        var roots = new List<RemovableRoot>();
        var reader = new ByteReader(s.Blob(32), Subject.Catalog());
        while (reader.Remaining > 0)
        {
            byte[] below = reader.Bytes().ToArray();
            roots.Add(new RemovableRoot(below, System.Text.Encoding.UTF8.GetString(reader.Bytes()), reader.U8() != 0));
        }

        return roots;
    }

    private static byte[] ClockBytes(SnapshotRow r)
    {
        if (r.Clocks is not { } clocks) { return []; }
        var bytes = new byte[1 + clocks.Count * ClockSize]; // so that none differs from unknown
        for (int i = 0; i < clocks.Count; i++)
        {
            Span<byte> to = bytes.AsSpan(1 + i * ClockSize);
            BinaryPrimitives.WriteUInt64LittleEndian(to, clocks[i].MountKey);
            BinaryPrimitives.WriteInt64LittleEndian(to[8..], clocks[i].Time.Seconds);
            BinaryPrimitives.WriteInt32LittleEndian(to[16..], clocks[i].Time.Nanoseconds);
        }

        return bytes;
    }

    private static FileSystemClock[]? ReadClocks(Statement s)
    {
        ReadOnlySpan<byte> bytes = s.Blob(31);
        if (bytes.IsEmpty) { return null; }
        if (bytes.Length % ClockSize != 1) { throw s.Damaged("the clocks of a snapshot are cut short"); }
        var clocks = new FileSystemClock[bytes.Length / ClockSize];
        for (int i = 0; i < clocks.Length; i++)
        {
            ReadOnlySpan<byte> from = bytes[(1 + i * ClockSize)..];
            clocks[i] = new FileSystemClock(BinaryPrimitives.ReadUInt64LittleEndian(from),
                new FileTime(BinaryPrimitives.ReadInt64LittleEndian(from[8..]), BinaryPrimitives.ReadInt32LittleEndian(from[16..])));
        }

        return clocks;
    }

    private static long Flags(SnapshotRow r) => (r.IsPartial ? 1 : 0) | (r.HasFailures ? 2 : 0) | (r.IsSkipped ? 4 : 0);

    private static int Sum(SnapshotRow r)
    {
        SnapshotCounts c = r.Counts;
        return new RowSum((byte)'p').Add(r.Number).Add(r.Source).Add((long)r.State).Add(r.Resumed ? 1 : 0).Add(r.Object.Value)
            .Add(r.Start.Seconds).Add(r.Start.Nanoseconds).Add(r.End.Seconds).Add(r.End.Nanoseconds).Add(r.RootTree.Value)
            .Add(r.Parent.Value)
            .Add(Flags(r)).Add(c.Files).Add(c.Directories).Add(c.Symlinks).Add(c.Others).Add(c.Bytes).Add(c.Failed).Add(c.New)
            .Add(c.Changed).Add(c.MetadataOnly).Add(c.Unchanged).Add(c.Gone).Add(c.BytesRead).Add(c.BytesAdded).Add(c.BytesStored)
            .Add(System.Text.Encoding.UTF8.GetBytes(r.Program)).Add(c.Moved).Add(c.PendingFiles).Add(c.PendingBytes)
            .Add(r.Place).Add(ClockBytes(r)).Add(RootsOf(r)).Add(r.Generation).Value;
    }
}
