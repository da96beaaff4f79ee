namespace Varve.Catalog.Sql;

/// <summary>
/// The tables. Every row but meta's ends in a sum (<see cref="RowSum"/>). A revision is an interval: it is in the snapshots from first up
/// to, not including, last; 0 in last means that it is current. last stands early in the key, so that a directory's current revisions lie
/// together and reading them costs the same after a thousand snapshots as after one. tally holds, for each directory, how many revisions it
/// has and the sum of their sums: it is what betrays a row that vanished. unstable is the list of files that were not seen to hold still.
/// gap says of an entry that the snapshots from first up to, not including, last have not seen it, though it was not found to be gone:
/// its revisions stand, and those below it. move says of a directory that it is, from a snapshot on, what another one was before: a label
/// that nothing else rests on, so it has no tally. touched is the log: of each snapshot the directories whose rows it opened, closed or
/// recorded, and maybe others; by it one snapshot is taken out without looking at what it did not change. directory_inode finds where a
/// directory was; only directories are in it, since an index on every inode would cost a quarter of the file.
/// </summary>
internal static class CatalogSchema
{
    /// <summary>Changes with the tables; another version's catalog is set aside and rebuilt.</summary>
    public const int Version = 7;

    /// <summary>"Vrve", in the file's header.</summary>
    public const int ApplicationId = 0x56727665;

    /// <summary>The first bits of a directory's id are its source's.</summary>
    public const int SourceShift = 40;

    /// <summary>
    /// Ids below this are sources (or 0, the list of sources; or below 0, the unstable files of a source, its gaps, or the directories that
    /// a snapshot touched) in the table tally.
    /// </summary>
    public const long FirstDirectory = 1L << SourceShift;

    /// <summary>Creates everything but the rows of meta.</summary>
    public const string Create =
        """
        CREATE TABLE meta(key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;

        CREATE TABLE source(id INTEGER PRIMARY KEY, uid BLOB NOT NULL UNIQUE, name TEXT NOT NULL, host TEXT NOT NULL,
          root BLOB, canonical BLOB, sum INTEGER NOT NULL) STRICT;

        CREATE TABLE snapshot(num INTEGER PRIMARY KEY AUTOINCREMENT, source INTEGER NOT NULL, state INTEGER NOT NULL, resumed INTEGER NOT NULL,
          object BLOB, start INTEGER NOT NULL, start_ns INTEGER NOT NULL, finish INTEGER NOT NULL, finish_ns INTEGER NOT NULL, root_tree BLOB, parent BLOB,
          flags INTEGER NOT NULL, files INTEGER NOT NULL, directories INTEGER NOT NULL, symlinks INTEGER NOT NULL, others INTEGER NOT NULL,
          bytes INTEGER NOT NULL, failed INTEGER NOT NULL, new INTEGER NOT NULL, changed INTEGER NOT NULL, metadata_only INTEGER NOT NULL,
          unchanged INTEGER NOT NULL, gone INTEGER NOT NULL, bytes_read INTEGER NOT NULL, bytes_added INTEGER NOT NULL, bytes_stored INTEGER NOT NULL,
          program TEXT NOT NULL, moved INTEGER NOT NULL, pending_files INTEGER NOT NULL, pending_bytes INTEGER NOT NULL, place BLOB, clocks BLOB, roots BLOB,
          generation INTEGER NOT NULL,
          sum INTEGER NOT NULL) STRICT;

        CREATE TABLE directory(parent INTEGER NOT NULL, name BLOB NOT NULL, id INTEGER NOT NULL UNIQUE, recorded INTEGER NOT NULL, digest BLOB, tree BLOB,
          newest_ctime INTEGER NOT NULL, newest_ctime_ns INTEGER NOT NULL, newest_mtime INTEGER NOT NULL, newest_mtime_ns INTEGER NOT NULL,
          files INTEGER NOT NULL, directories INTEGER NOT NULL, symlinks INTEGER NOT NULL, others INTEGER NOT NULL, bytes INTEGER NOT NULL,
          sum INTEGER NOT NULL, PRIMARY KEY(parent, name)) STRICT, WITHOUT ROWID;

        CREATE TABLE revision(dir INTEGER NOT NULL, last INTEGER NOT NULL, name BLOB NOT NULL, first INTEGER NOT NULL, kind INTEGER NOT NULL,
          mode INTEGER NOT NULL, uid INTEGER NOT NULL, gid INTEGER NOT NULL, rdev INTEGER NOT NULL, size INTEGER NOT NULL,
          mtime INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, ctime INTEGER NOT NULL, ctime_ns INTEGER NOT NULL, inode INTEGER NOT NULL,
          flags INTEGER NOT NULL, details BLOB, sum INTEGER NOT NULL, PRIMARY KEY(dir, last, name, first)) STRICT, WITHOUT ROWID;

        CREATE TABLE unstable(dir INTEGER NOT NULL, name BLOB NOT NULL, reason INTEGER NOT NULL, since INTEGER NOT NULL, since_ns INTEGER NOT NULL,
          runs INTEGER NOT NULL, last_run INTEGER NOT NULL, sum INTEGER NOT NULL, PRIMARY KEY(dir, name)) STRICT, WITHOUT ROWID;

        CREATE TABLE gap(dir INTEGER NOT NULL, name BLOB NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, kind INTEGER NOT NULL,
          sum INTEGER NOT NULL, PRIMARY KEY(dir, name, first)) STRICT, WITHOUT ROWID;

        CREATE INDEX directory_inode ON revision(inode, last, dir) WHERE kind = 2;

        CREATE TABLE move(dir INTEGER NOT NULL, snapshot INTEGER NOT NULL, origin INTEGER NOT NULL, sum INTEGER NOT NULL,
          PRIMARY KEY(dir, snapshot)) STRICT, WITHOUT ROWID;

        CREATE TABLE touched(snapshot INTEGER NOT NULL, dir INTEGER NOT NULL, sum INTEGER NOT NULL, PRIMARY KEY(snapshot, dir)) STRICT, WITHOUT ROWID;

        CREATE TABLE tally(id INTEGER PRIMARY KEY, live INTEGER NOT NULL, live_sum INTEGER NOT NULL, total INTEGER NOT NULL,
          total_sum INTEGER NOT NULL, sum INTEGER NOT NULL) STRICT;

        CREATE VIEW snapshots AS SELECT p.num AS snapshot, s.name AS source, s.host AS host, CAST(s.canonical AS TEXT) AS root,
          CASE p.state WHEN 1 THEN 'running' WHEN 2 THEN 'committing' ELSE 'complete' END AS state, lower(hex(p.object)) AS object,
          strftime('%Y-%m-%dT%H:%M:%SZ', p.start, 'unixepoch') AS started,
          CASE WHEN p.state = 3 THEN strftime('%Y-%m-%dT%H:%M:%SZ', p.finish, 'unixepoch') END AS ended,
          p.flags & 1 AS partial, p.files AS files, p.directories AS directories, p.symlinks AS symlinks, p.others AS others, p.bytes AS bytes,
          p.failed AS failed, p.new AS new, p.changed AS changed, p.metadata_only AS metadata_only, p.unchanged AS unchanged, p.gone AS gone, p.moved AS moved,
          p.pending_files AS pending_files, p.pending_bytes AS pending_bytes, p.bytes_read AS bytes_read, p.bytes_added AS bytes_added, p.bytes_stored AS bytes_stored, p.program AS program
          FROM snapshot p JOIN source s ON s.id = p.source WHERE p.flags & 4 = 0;

        CREATE VIEW runs AS SELECT p.num AS run, s.name AS source, s.host AS host, CAST(s.canonical AS TEXT) AS root,
          CASE WHEN p.state < 3 THEN 'unfinished' WHEN p.flags & 4 THEN 'unchanged' ELSE 'snapshot' END AS result,
          lower(hex(p.object)) AS object, strftime('%Y-%m-%dT%H:%M:%SZ', p.start, 'unixepoch') AS started,
          CASE WHEN p.state = 3 THEN strftime('%Y-%m-%dT%H:%M:%SZ', p.finish, 'unixepoch') END AS ended
          FROM snapshot p JOIN source s ON s.id = p.source;

        CREATE VIEW directories AS WITH RECURSIVE f(id, source, path) AS (
            SELECT d.id, s.id, rtrim(CAST(s.canonical AS TEXT), '/') FROM source s JOIN directory d ON d.parent = s.id << 40
            UNION ALL SELECT d.id, f.source, f.path || '/' || CAST(d.name AS TEXT) FROM f JOIN directory d ON d.parent = f.id)
          SELECT id, source, path FROM f;

        CREATE VIEW files AS SELECT s.name AS source, f.path || '/' || CAST(r.name AS TEXT) AS path,
          CASE r.kind WHEN 1 THEN 'file' WHEN 2 THEN 'directory' WHEN 3 THEN 'symlink' WHEN 4 THEN 'fifo' WHEN 5 THEN 'socket'
            WHEN 6 THEN 'character device' ELSE 'block device' END AS kind,
          r.size AS size, strftime('%Y-%m-%dT%H:%M:%SZ', r.mtime, 'unixepoch') AS mtime, strftime('%Y-%m-%dT%H:%M:%SZ', r.ctime, 'unixepoch') AS ctime,
          printf('%04o', r.mode) AS mode, r.uid AS uid, r.gid AS gid, r.inode AS inode, r.first AS first, nullif(r.last, 0) AS last
          FROM directories f JOIN source s ON s.id = f.source JOIN revision r ON r.dir = f.id
          UNION ALL SELECT s.name, CAST(s.canonical AS TEXT),
          CASE r.kind WHEN 1 THEN 'file' WHEN 2 THEN 'directory' WHEN 3 THEN 'symlink' WHEN 4 THEN 'fifo' WHEN 5 THEN 'socket'
            WHEN 6 THEN 'character device' ELSE 'block device' END,
          r.size, strftime('%Y-%m-%dT%H:%M:%SZ', r.mtime, 'unixepoch'), strftime('%Y-%m-%dT%H:%M:%SZ', r.ctime, 'unixepoch'),
          printf('%04o', r.mode), r.uid, r.gid, r.inode, r.first, nullif(r.last, 0)
          FROM source s JOIN revision r ON r.dir = s.id << 40;

        CREATE VIEW failures AS SELECT s.name AS source, f.path || '/' || CAST(g.name AS TEXT) AS path, g.first AS first,
          nullif(g.last, 0) AS last FROM gap g JOIN directories f ON f.id = g.dir JOIN source s ON s.id = f.source WHERE g.kind = 1;

        CREATE VIEW moves AS SELECT s.name AS source, m.snapshot AS snapshot, d.path || '/' || CAST(r.name AS TEXT) AS path,
          o.path || '/' || CAST(r.name AS TEXT) AS moved_from
          FROM move m JOIN directories d ON d.id = m.dir JOIN directories o ON o.id = m.origin JOIN source s ON s.id = d.source
          JOIN revision r ON r.dir = m.dir AND r.first = m.snapshot AND r.kind <> 2
          JOIN revision q ON q.dir = m.origin AND q.last = m.snapshot AND q.name = r.name AND q.kind = r.kind AND q.inode = r.inode AND q.size = r.size
            AND q.mtime = r.mtime AND q.mtime_ns = r.mtime_ns AND q.ctime = r.ctime AND q.ctime_ns = r.ctime_ns
          UNION ALL SELECT s.name, m.snapshot, d.path, o.path
          FROM move m JOIN directories d ON d.id = m.dir JOIN directories o ON o.id = m.origin JOIN source s ON s.id = d.source
          JOIN directory x ON x.id = m.dir JOIN revision r ON r.dir = x.parent AND r.first = m.snapshot AND r.name = x.name AND r.kind = 2
          JOIN directory y ON y.id = m.origin JOIN revision q ON q.dir = y.parent AND q.last = m.snapshot AND q.name = y.name AND q.kind = 2 AND q.inode = r.inode;
        """;
}
