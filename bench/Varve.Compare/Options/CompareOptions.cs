using Varve.Compare.Corpora;
using Varve.Compare.Measure;
using Varve.Compare.Tools;

namespace Varve.Compare.Options;

/// <summary>What to measure and how. Valid once parsed.</summary>
internal sealed record CompareOptions
{
    /// <summary>The built varve program.</summary>
    public required string VarveProgram { get; init; }

    /// <summary>The built varve-scale program.</summary>
    public string ScaleProgram { get; init; } = "varve-scale";

    /// <summary>A second varve program to measure beside the first, or null.</summary>
    public string? BeforeProgram { get; set; }

    /// <summary>The varve-scale program that was built with <see cref="BeforeProgram"/>; null if there is none.</summary>
    public string? BeforeScaleProgram { get; init; }

    /// <summary>The restic program: of the system, or another one.</summary>
    public string ResticProgram { get; set; } = ToolNames.Restic;

    /// <summary>Names of <see cref="CorpusCatalog.Names"/>.</summary>
    public IReadOnlySet<string> Corpora { get; set; } = new HashSet<string> { "kernel", "many", "large", "small" };

    /// <summary>Rows wanted, where a corpus has them.</summary>
    public IReadOnlySet<Row> Rows { get; set; } = Row.Usual.ToHashSet();

    /// <summary>Names of <see cref="ToolNames.Choices"/>.</summary>
    public IReadOnlySet<string> Tools { get; set; } = ToolNames.Choices.ToHashSet();

    /// <summary>For tools that take part in some rows only, which: the others take part in all.</summary>
    public IReadOnlyDictionary<string, IReadOnlySet<Row>> Only { get; set; } = new Dictionary<string, IReadOnlySet<Row>>();

    /// <summary>Sizes of the corpus "chunks", each measured.</summary>
    public IReadOnlyList<int> Chunks { get; set; } = [1_000_000, 10_000_000];

    /// <summary>Rounds that count, at least 1.</summary>
    public int Runs { get; set; } = 5;

    /// <summary>Rounds before them.</summary>
    public int Warmups { get; set; } = 1;

    /// <summary>Sizes of the corpus "many", each measured.</summary>
    public IReadOnlyList<int> Many { get; set; } = [200_000];

    /// <summary>Size of each of the two files of the corpus "large".</summary>
    public double LargeGigabytes { get; set; } = 2;

    /// <summary>Size of the file of the corpus "single".</summary>
    public double SingleGigabytes { get; set; } = 4;

    /// <summary>An unpacked kernel tree to copy; null to unpack Debian's.</summary>
    public string? Kernel { get; set; }

    /// <summary>Where the work folder is made.</summary>
    public string Work { get; set; } = "/dev/shm";

    /// <summary>File for the results as JSON, or null.</summary>
    public string? Json { get; set; }

    /// <summary>File for the results as Markdown, or null.</summary>
    public string? Markdown { get; set; }

    /// <summary>Issues whose targets are judged.</summary>
    public IReadOnlySet<int> Targets { get; set; } = new HashSet<int> { 2, 3 };

    /// <summary>The rows that a tool takes part in; both Varve programs take part in the same.</summary>
    public IReadOnlySet<Row> RowsOf(string tool) =>
        Only.TryGetValue(tool == ToolNames.Before ? ToolNames.Varve : tool, out IReadOnlySet<Row>? rows) ? rows : Rows;

    /// <summary>What a single command may take.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromHours(1);
}
