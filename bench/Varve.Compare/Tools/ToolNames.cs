namespace Varve.Compare.Tools;

/// <summary>The tools by name, as in --tools and in the reports.</summary>
internal static class ToolNames
{
    /// <summary>The second Varve program, of --before.</summary>
    public const string Before = "before";

    public const string Varve = "varve", Restic = "restic", Borg = "borg", Find = "find", Copy = "cp", Tar = "tar", TarThreads = "tar -T0",
        ChangedBlocks = "changed";

    /// <summary>Those that can be chosen; "tar" stands for both ways to compress.</summary>
    public static readonly IReadOnlyList<string> Choices = [Varve, Restic, Borg, Find, Copy, Tar];

    /// <summary>In the order of the report.</summary>
    public static readonly IReadOnlyList<string> Order = [Varve, Before, Restic, Borg, Find, Copy, Tar, TarThreads, ChangedBlocks];

    /// <summary>What the reports call a tool.</summary>
    public static string Title(string tool) => tool switch
    {
        Before => "varve before",
        Find => "find -size",
        Copy => "cp -a",
        Tar => "tar | zstd -3",
        ChangedBlocks => "changed 4 KiB blocks",
        TarThreads => "tar | zstd -3 -T0",
        _ => tool,
    };
}
