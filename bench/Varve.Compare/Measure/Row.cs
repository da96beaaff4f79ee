namespace Varve.Compare.Measure;

/// <summary>A piece of work that is measured.</summary>
/// <param name="Key">As in --rows.</param>
/// <param name="Title">For people.</param>
internal sealed record Row(string Key, string Title)
{
    /// <summary>Whether its figures are bytes, not seconds.</summary>
    public bool IsBytes { get; init; }

    public static readonly Row First = new("first", "first backup");
    public static readonly Row Unchanged = new("unchanged", "nothing changed");
    public static readonly Row ChangedPercent = new("changed", "1 % changed");
    public static readonly Row ChangedThousand = new("changed1000", "1,000 files changed");
    public static readonly Row Moved = new("moved", "whole tree moved");
    public static readonly Row Restore = new("restore", "restore");
    public static readonly Row Check = new("check", "check, reading all data");
    public static readonly Row Catalog = new("catalog", "catalog rebuild");
    public static readonly Row Stored = new("stored", "stored bytes") { IsBytes = true };

    public static readonly Row ColdFirst = new("coldfirst", "first backup, cold caches");
    public static readonly Row ColdUnchanged = new("coldunchanged", "nothing changed, cold caches");

    /// <summary>Those that --cold asks for: the system's caches are dropped before each.</summary>
    public static readonly IReadOnlyList<Row> Cold = [ColdFirst, ColdUnchanged];

    public static readonly Row Version = new("version", "start: version");
    public static readonly Row Snapshots = new("snapshots", "start: list snapshots");

    public static readonly Row Complete = new("complete", "complete a path on the command line");

    public static readonly Row Start = new("start", "start: nothing");
    public static readonly Row Open = new("open", "start: open the index, look one chunk up");
    public static readonly Row FirstOpen = new("firstopen", "the same with an empty cache");
    public static readonly Row LookUp = new("lookup", "look-up: whether a chunk is there");
    public static readonly Row Locate = new("locate", "look-up: where a chunk is");

    public static readonly Row PagesTime = new("pagestime", "0.1 % of the pages of 1 GB changed");
    public static readonly Row Pages = new("pages", "the same, bytes added") { IsBytes = true };
    public static readonly Row Insertions = new("insertions", "1,000 insertions, bytes added") { IsBytes = true };
    public static readonly Row Database = new("database", "SQLite database, bytes added") { IsBytes = true };
    public static readonly Row Image = new("image", "ext4 image, bytes added") { IsBytes = true };
    public static readonly Row RestoreFirst = new("restore1", "restore the first revision");
    public static readonly Row RestoreTenth = new("restore10", "restore the tenth revision");

    /// <summary>All of them, in the order of the report.</summary>
    public static readonly IReadOnlyList<Row> All =
        [First, Unchanged, ChangedPercent, ChangedThousand, Moved, Restore, Check, Catalog, Stored, Version, Snapshots, Complete, Start,
        Open, FirstOpen, LookUp, Locate,
            PagesTime, Pages, Insertions, Database, Image, RestoreFirst, RestoreTenth, .. Cold];

    /// <summary>All but those of --cold.</summary>
    public static readonly IReadOnlyList<Row> Usual = [.. All.Where(static row => !Cold.Contains(row))];
}
