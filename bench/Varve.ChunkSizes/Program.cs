using System.Globalization;
using Varve.ChunkSizes;

// Exit codes: 0 measured, 1 failed, 2 usage.
const string Help = """
    bench/chunk-sizes: what repositories with chunks and blocks of other sizes would store of successive versions of data.

      bench/chunk-sizes [--averages KIB,KIB...] [--blocks KIB,KIB...] [--levels N,N...] NAME=PATH,PATH... [NAME=PATH,PATH...]

    Each PATH is one version, a file or a tree, oldest first; DIR/* stands for all that is in DIR, by name.
    Averages: 128,256,512,1024,2048 by default, in KiB; least chunk a quarter of it, largest four times. Blocks: 1024.
    Levels are zstd's: 3 by default.
    """;

int[] averages = [128, 256, 512, 1024, 2048], blocks = [1024], levels = [3];
var series = new List<Series>();
try
{
    for (int i = 0; i < args.Length; i++)
    {
        if (args[i] is "-h" or "--help")
        {
            Console.WriteLine(Help);
            return 0;
        }

        if (args[i] == "--averages") { averages = Numbers(args, ++i); }
        else if (args[i] == "--blocks") { blocks = Numbers(args, ++i); }
        else if (args[i] == "--levels") { levels = Numbers(args, ++i); }
        else { series.Add(Series.Parse(args[i])); }
    }

    if (series.Count == 0) { throw new FormatException("There is nothing to measure."); }
}
catch (FormatException e)
{
    Console.Error.WriteLine($"chunk-sizes: {e.Message} See --help.");
    return 2;
}

try
{
    foreach (Series one in series)
    {
        Console.WriteLine();
        Console.WriteLine($"{one.Name}, {one.Versions.Count} versions");
        Console.WriteLine();
        Console.WriteLine(
            "| average | block | level | content | new bytes | stored, 1st | stored, all | each next | chunks | listing them | extents | "
            + "time |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (Sizes sizes in from average in averages from block in blocks from level in levels
                                select new Sizes(average << 10, block << 10, level))
        {
            Console.WriteLine(Line(one, sizes));
        }
    }
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"chunk-sizes: {e.Message}");
    return 1;
}

return 0;

static string Line(Series series, Sizes sizes)
{
    using var repository = new SimulatedRepository(sizes);
    long first = 0;
    foreach (string version in series.Versions)
    {
        repository.Add(version);
        if (first == 0) { first = repository.Stored; }
    }

    long next = series.Versions.Count > 1 ? (repository.Stored - first) / (series.Versions.Count - 1) : 0;
    return string.Create(CultureInfo.InvariantCulture,
        $"| {sizes.Average >> 10} KiB | {sizes.Block >> 10} KiB | {sizes.Level} | {Mega(repository.Raw)} | {Mega(repository.New)} | "
        + $"{Mega(first)} | {Mega(repository.Stored)} | {Mega(next)} | {repository.Chunks:N0} | {Mega(repository.Overhead)} | "
        + $"{Mega(repository.Extents)} | {repository.Busy.TotalSeconds:0.0} s |");
}

static string Mega(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB");

static int[] Numbers(string[] args, int i)
{
    string[] parts = i < args.Length ? args[i].Split(',') : throw new FormatException($"{args[i - 1]} needs a value.");
    return Array.ConvertAll(parts, static p => int.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n is >= 1
        and <= 4096
        ? n
        : throw new FormatException($"'{p}' is not a number from 1 to 4096."));
}
