namespace Varve.Compare.Measure;

/// <summary>A piece of work that is measured.</summary>
/// <param name="Key">As in --rows.</param>
/// <param name="Title">For people.</param>
internal sealed record Row(string Key, string Title)
{
    public static readonly Row First = new("first", "first backup");
    public static readonly Row Unchanged = new("unchanged", "nothing changed");
    public static readonly Row ChangedPercent = new("changed", "1 % changed");
    public static readonly Row ChangedThousand = new("changed1000", "1,000 files changed");
    public static readonly Row Moved = new("moved", "whole tree moved");
    public static readonly Row Restore = new("restore", "restore");
    public static readonly Row Check = new("check", "check, reading all data");
    public static readonly Row Catalog = new("catalog", "catalog rebuild");
    public static readonly Row Stored = new("stored", "stored bytes");
    public static readonly Row Version = new("version", "start: version");
    public static readonly Row Snapshots = new("snapshots", "start: list snapshots");

    /// <summary>All of them, in the order of the report.</summary>
    public static readonly IReadOnlyList<Row> All =
        [First, Unchanged, ChangedPercent, ChangedThousand, Moved, Restore, Check, Catalog, Stored, Version, Snapshots];
}
