using Varve.Compare.Measure;
using Varve.Compare.Options;

namespace Varve.Compare.Corpora;

/// <summary>The corpora by name.</summary>
internal static class CorpusCatalog
{
    /// <summary>Their names, as in --corpora.</summary>
    public static readonly IReadOnlyList<string> Names = ["kernel", "many", "large", "single", "small", "chunks", "inplace"];

    private const long Giga = 1_000_000_000;

    private static readonly IReadOnlyList<Row> _common =
        [Row.First, Row.Unchanged, Row.Restore, Row.Check, Row.ChangedPercent, Row.Catalog, Row.Stored];

    /// <summary>Those the options ask for, to be made in a folder.</summary>
    public static IEnumerable<Corpus> Choose(CompareOptions options, string folder)
    {
        foreach (string name in Names.Where(options.Corpora.Contains))
        {
            switch (name)
            {
                case "kernel": yield return Kernel(options, folder); break;
                case "many":
                    foreach (int count in options.Many) { yield return Many(count, folder); }
                    break;
                case "large": yield return Large(options.LargeGigabytes, folder); break;
                case "single": yield return Single(options.SingleGigabytes, folder); break;
                case "small": yield return Small(folder); break;
                case "chunks":
                    foreach (int count in options.Chunks) { yield return Chunks(count, options, folder); }
                    break;
                case "inplace": yield return InPlace(folder); break;
            }
        }
    }

    private static KernelCorpus Kernel(CompareOptions options, string folder) => new()
    {
        Key = "kernel",
        Root = Path.Combine(folder, "linux-source-6.1"),
        Title = "Linux kernel source",
        Rows = [.. _common, Row.Moved, .. Row.Cold],
        NeededBytes = 4 * Giga,
        Existing = options.Kernel,
    };

    // 12,000 bytes: a page or two of each file twice, what tmpfs itself needs for it twice, and its part of the repository.
    private static ManyCorpus Many(int count, string folder) => new()
    {
        Key = "many",
        Root = Path.Combine(folder, "many"),
        Title = "many small files",
        Rows = [.. _common, Row.ChangedThousand, Row.Moved, Row.Complete, .. Row.Cold],
        NeededBytes = count * 12_000L,
        Count = count,
    };

    private static LargeCorpus Large(double gigabytes, string folder) => new()
    {
        Key = "large",
        Root = Path.Combine(folder, "large"),
        Title = "one random file, twice",
        Rows = _common,
        NeededBytes = (long)(gigabytes * 5.5 * Giga),
        Names = ["a", "b"],
        Length = (long)(gigabytes * Giga),
    };

    private static LargeCorpus Single(double gigabytes, string folder) => new()
    {
        Key = "single",
        Root = Path.Combine(folder, "single"),
        Title = "one random file",
        Rows = _common,
        NeededBytes = (long)(gigabytes * 3.3 * Giga),
        Names = ["a"],
        Length = (long)(gigabytes * Giga),
    };

    // Twice the index of 48 bytes a chunk, sealed and decrypted, its blocks, and a merge under way.
    private static ChunksCorpus Chunks(int count, CompareOptions options, string folder) => new()
    {
        Key = "chunks",
        Root = Path.Combine(folder, "chunks"),
        Title = "an index of made-up chunks",
        Rows = [Row.Start, Row.Open, Row.FirstOpen, Row.LookUp, Row.Locate],
        NeededBytes = count * 250L,
        Count = count,
        Program = options.ScaleProgram,
    };

    // The file, a restored copy, and ten times the chunks that 244 changed pages spoil where chunks are of 2 MB.
    private static InPlaceCorpus InPlace(string folder) => new()
    {
        Key = "inplace",
        Root = Path.Combine(folder, "inplace"),
        Title = "large files that change a little",
        Rows = [Row.PagesTime, Row.Pages, Row.Insertions, Row.Database, Row.Image, Row.RestoreFirst, Row.RestoreTenth],
        NeededBytes = 8 * Giga,
    };

    private static ManyCorpus Small(string folder) => new()
    {
        Key = "small",
        Root = Path.Combine(folder, "small"),
        Title = "a small repository",
        Rows = [Row.Version, Row.Snapshots, Row.Complete],
        NeededBytes = Giga / 10,
        Count = 100,
    };
}
