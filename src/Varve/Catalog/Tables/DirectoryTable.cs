using Varve.Catalog.Rows;
using Varve.Catalog.Sql;
using Varve.Model;

namespace Varve.Catalog.Tables;

/// <summary>The table of directories. Every row that is read is checked against its sum.</summary>
internal sealed class DirectoryTable(SqliteConnection connection)
{
    private const string State =
        "recorded, digest, tree, newest_ctime, newest_ctime_ns, newest_mtime, newest_mtime_ns, files, directories, symlinks, others, bytes";
    private const string Columns = $"id, {State}, sum, parent, name";

    /// <summary>A path longer than this is a loop.</summary>
    private const int MaxDepth = 1 << 20;

    private Statement? _get, _byId, _children, _insert, _update, _delete;

    /// <summary>The row of a name in a directory; false if there is none.</summary>
    public bool TryGet(long parent, ReadOnlySpan<byte> name, out DirectoryRow row)
    {
        _get ??= connection.Prepare($"SELECT {Columns} FROM directory WHERE parent=? AND name=?");
        row = default;
        if (!_get.Bind(1, parent).Bind(2, name).Step()) { return false; }
        row = Decode(_get);
        _get.Reset();
        return true;
    }

    /// <summary>The row of a directory by its id, and where it lies; false if there is none.</summary>
    public bool TryLocate(long id, out long parent, out byte[] name, out DirectoryRow row)
    {
        _byId ??= connection.Prepare($"SELECT {Columns} FROM directory WHERE id=?");
        (parent, name, row) = (0, [], default);
        if (!_byId.Bind(1, id).Step()) { return false; }
        row = Decode(_byId);
        (parent, name) = (_byId.Int(14), _byId.Blob(15).ToArray());
        _byId.Reset();
        return true;
    }

    /// <summary>The path of a directory, relative to its source's root; empty for the root and for the pseudo directory above it.</summary>
    public byte[] PathOf(long id)
    {
        var names = new List<byte[]>();
        while ((id & (CatalogSchema.FirstDirectory - 1)) != 0)
        {
            bool found = TryLocate(id, out id, out byte[] name, out _);
            names.Add(name);
            if (!found) { throw SqliteErrors.Damaged(connection.Path, "a directory is missing"); }
            if (names.Count > MaxDepth) { throw SqliteErrors.Damaged(connection.Path, "directories form a loop"); }
        }

        using var path = new MemoryStream();
        // The last one is the root itself.
        for (int i = names.Count - 2; i >= 0; i--)
        {
            if (path.Length > 0) { path.WriteByte((byte)'/'); }
            path.Write(names[i]);
        }

        return path.ToArray();
    }

    /// <summary>The directories filed under one.</summary>
    public List<(long Parent, byte[] Name, DirectoryRow Row)> Children(long parent)
    {
        _children ??= connection.Prepare($"SELECT {Columns} FROM directory WHERE parent=?");
        return List(_children.Bind(1, parent));
    }

    /// <summary>Rows a query of this class's columns yields; the query is at its end afterwards.</summary>
    public static List<(long Parent, byte[] Name, DirectoryRow Row)> List(Statement query)
    {
        var rows = new List<(long, byte[], DirectoryRow)>();
        while (query.Step()) { rows.Add((query.Int(14), query.Blob(15).ToArray(), Decode(query))); }
        return rows;
    }

    /// <summary>Adds a directory. It must be new.</summary>
    public void Insert(long parent, ReadOnlySpan<byte> name, in DirectoryRow row)
    {
        _insert ??= connection.Prepare($"INSERT INTO directory({State}, sum, parent, name, id) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
        Bind(_insert, parent, name, row).Execute();
    }

    /// <summary>Replaces a directory's row. It must exist.</summary>
    public void Update(long parent, ReadOnlySpan<byte> name, in DirectoryRow row)
    {
        _update ??= connection.Prepare(
            $"UPDATE directory SET ({State}, sum) = (?,?,?,?,?,?,?,?,?,?,?,?,?) WHERE parent=? AND name=? AND id=?");
        if (Bind(_update, parent, name, row).Execute() != 1) { throw _update.Damaged("a directory is missing"); }
    }

    /// <summary>Gives a directory another name; nothing if it is not there.</summary>
    public void Rename(long parent, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to)
    {
        if (!TryGet(parent, from, out DirectoryRow row)) { return; }
        Delete(parent, from);
        Insert(parent, to, row);
    }

    /// <summary>Takes a directory out.</summary>
    public void Delete(long parent, ReadOnlySpan<byte> name)
    {
        _delete ??= connection.Prepare("DELETE FROM directory WHERE parent=? AND name=?");
        _delete.Bind(1, parent).Bind(2, name).Execute();
    }

    /// <summary>The columns that <see cref="List"/> expects, of a table known as <paramref name="alias"/>.</summary>
    public static string ColumnsOf(string alias) => alias + "." + Columns.Replace(", ", ", " + alias + ".");

    /// <summary>Decodes and checks a row of this class's columns.</summary>
    public static DirectoryRow Decode(Statement row)
    {
        long cns = row.Int(5), mns = row.Int(7);
        var decoded = new DirectoryRow(row.Int(0), row.Int(1), row.Bytes32(2), new ChunkId(row.Bytes32(3)),
            new FileTime(row.Int(4), (int)cns),
            new FileTime(row.Int(6), (int)mns), new DirectoryCounts(row.Int(8), row.Int(9), row.Int(10), row.Int(11), row.Int(12)));
        bool fits = decoded.NewestCtime.Nanoseconds == cns && decoded.NewestMtime.Nanoseconds == mns;
        return fits && Sum(row.Int(14), row.Blob(15), decoded) == row.Int(13) ? decoded
            : throw row.Damaged("a directory does not match its sum");
    }

    private static Statement Bind(Statement s, long parent, ReadOnlySpan<byte> name, in DirectoryRow r) =>
        s.Bind(1, r.Recorded).Bind(2, r.Digest).Bind(3, r.Tree.Value).Bind(4, r.NewestCtime.Seconds).Bind(5, r.NewestCtime.Nanoseconds)
            .Bind(6, r.NewestMtime.Seconds).Bind(7, r.NewestMtime.Nanoseconds).Bind(8, r.Counts.Files).Bind(9, r.Counts.Directories)
            .Bind(10, r.Counts.Symlinks).Bind(11, r.Counts.Others).Bind(12, r.Counts.Bytes).Bind(13, Sum(parent, name, r))
            .Bind(14, parent).Bind(15, name).Bind(16, r.Id);

    private static int Sum(long parent, ReadOnlySpan<byte> name, in DirectoryRow r) =>
        new RowSum((byte)'d').Add(parent).Add(name).Add(r.Id).Add(r.Recorded).Add(r.Digest).Add(r.Tree.Value)
            .Add(r.NewestCtime.Seconds).Add(r.NewestCtime.Nanoseconds).Add(r.NewestMtime.Seconds).Add(r.NewestMtime.Nanoseconds)
            .Add(r.Counts.Files).Add(r.Counts.Directories).Add(r.Counts.Symlinks).Add(r.Counts.Others).Add(r.Counts.Bytes).Value;
}
