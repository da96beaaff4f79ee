using System.Globalization;
using Varve.Compare.Corpora;
using Varve.Compare.Measure;
using Varve.Compare.Tools;

namespace Varve.Compare.Options;

/// <summary>The command line of bench/compare.</summary>
internal static class OptionParser
{
    /// <summary>Printed by --help.</summary>
    public const string Help = """
        bench/compare: Varve beside other programs, on the same work in the same run.

          --corpora LIST    of kernel,many,large,single,small,chunks,
                            inplace                (kernel,many,large,small)
          --rows LIST       of first,unchanged,changed,changed1000,moved,restore,
                            check,catalog,stored,version,snapshots,complete,
                            start,open,firstopen,lookup,locate  (all these),
                            coldfirst,coldunchanged (see --cold)
          --tools LIST      of varve,restic,borg,find,cp,tar       (all)
          --only TOOL:LIST  the rows that a slow tool takes part in; may be given for
                            several: --only restic:first,unchanged,restore
          --before PATH     a second Varve: its program, its script ./varve or its
                            checkout. Both take their turns in each round, and the
                            report ends with the ratio of the medians. Sets --tools
                            varve, --runs 7 and no targets, unless these are given
          --restic PATH     another restic than the system's; the report says its
                            version
          --runs N          rounds that count                      (5)
          --warmup N        rounds before them                     (1)
          --many LIST       files in the corpus 'many'             (200000)
          --chunks LIST     chunks in the corpus 'chunks'          (1000000,10000000)
          --large-gb N      GB of each of the two files of 'large' (2)
          --single-gb N     GB of the file of 'single'             (4)
          --kernel DIR      a kernel tree to copy instead of unpacking Debian's
          --quick           kernel only, 3 rounds, no borg; options after it override it
          --cold            as root, on a real file system: the rows coldfirst and
                            coldunchanged, with the system's caches dropped before
                            each, of varve, restic, find and cp on the kernel, and
                            their targets; on a new ext4 on a loop device unless
                            --work is given; options after it override it
          --work DIR        where to work; needs to be fast        (/dev/shm)
          --json FILE       write the results as JSON
          --markdown FILE   write the results as Markdown
          --targets LIST    issues whose targets are judged        (2,3)
          --timeout SECONDS for any one command                    (3600)

        VARVE_BIN names a varve program to measure instead of this repository's.

        Example: bench/compare --corpora many --many 100000,1000000 --json many.json
        Example: bench/compare --before ../before --corpora kernel,many,small
        """;

    /// <summary>Reads a command line; null if help was asked for.</summary>
    /// <exception cref="FormatException">It is not understood; the message says why.</exception>
    public static CompareOptions? Parse(IReadOnlyList<string> arguments, Func<string, string?> environment)
    {
        var options = new CompareOptions
        {
            VarveProgram = environment("VARVE_BIN") ?? "varve",
            ScaleProgram = environment("VARVE_SCALE") ?? "varve-scale",
            BeforeScaleProgram = environment("VARVE_SCALE_BEFORE"),
        };
        if (arguments.Contains("--before"))
        {
            options.Tools = new HashSet<string> { ToolNames.Varve };
            options.Runs = 7;
            options.Targets = new HashSet<int>();
        }

        for (int i = 0; i < arguments.Count; i++)
        {
            string name = arguments[i];
            if (name is "-h" or "--help") { return null; }
            if (name == "--quick")
            {
                options.Corpora = new HashSet<string> { "kernel" };
                options.Tools = ToolNames.Choices.Where(t => t != ToolNames.Borg).ToHashSet();
                options.Runs = 3;
                continue;
            }

            if (name == "--cold")
            {
                options.Corpora = new HashSet<string> { "kernel" };
                options.Rows = Row.Cold.ToHashSet();
                options.Tools = new HashSet<string> { ToolNames.Varve, ToolNames.Restic, ToolNames.Find, ToolNames.Copy };
                options.Targets = new HashSet<int> { 15 };
                (options.Runs, options.Warmups) = (5, 0); // nothing is warm
                continue;
            }

            if (!name.StartsWith("--", StringComparison.Ordinal)) { throw new FormatException($"'{name}' is not an option."); }
            string value = ++i < arguments.Count ? arguments[i] : throw new FormatException($"{name} needs a value.");
            Set(options, name, value);
        }

        return options;
    }

    private static void Set(CompareOptions options, string name, string value)
    {
        switch (name)
        {
            case "--corpora": options.Corpora = Names(name, value, CorpusCatalog.Names); break;
            case "--tools": options.Tools = Names(name, value, ToolNames.Choices); break;
            case "--rows":
                options.Rows = Rows(name, value);
                break;
            case "--only":
                int colon = value.IndexOf(':', StringComparison.Ordinal);
                if (colon < 0) { throw new FormatException($"{name} needs TOOL:ROW,ROW..., not '{value}'."); }
                string tool = Names(name, value[..colon], ToolNames.Choices).Single();
                options.Only = new Dictionary<string, IReadOnlySet<Row>>(options.Only) { [tool] = Rows(name, value[(colon + 1)..]) };
                break;
            case "--before": options.BeforeProgram = Program(name, value); break;
            case "--restic": options.ResticProgram = Program(name, value); break;
            case "--runs": options.Runs = Number(name, value, 1, 1000); break;
            case "--warmup": options.Warmups = Number(name, value, 0, 1000); break;
            case "--many": options.Many = value.Split(',').Select(v => Number(name, v, 1, 100_000_000)).ToList(); break;
            case "--chunks": options.Chunks = value.Split(',').Select(v => Number(name, v, 1, 1_000_000_000)).ToList(); break;
            case "--large-gb": options.LargeGigabytes = Gigabytes(name, value); break;
            case "--single-gb": options.SingleGigabytes = Gigabytes(name, value); break;
            case "--kernel": options.Kernel = Folder(name, value); break;
            case "--work": options.Work = Folder(name, value); break;
            case "--json": options.Json = Path.GetFullPath(value); break;
            case "--markdown": options.Markdown = Path.GetFullPath(value); break;
            case "--targets": options.Targets = value.Split(',').Select(v => Number(name, v, 2, 15)).ToHashSet(); break;
            case "--timeout": options.Timeout = TimeSpan.FromSeconds(Number(name, value, 1, 1_000_000)); break;
            default: throw new FormatException($"'{name}' is not an option.");
        }
    }

    private static HashSet<Row> Rows(string option, string value)
    {
        HashSet<string> keys = Names(option, value, Row.All.Select(r => r.Key).ToList());
        return Row.All.Where(r => keys.Contains(r.Key)).ToHashSet();
    }

    private static HashSet<string> Names(string option, string value, IReadOnlyList<string> known)
    {
        var names = value.Split(',').ToHashSet();
        string? odd = names.FirstOrDefault(n => !known.Contains(n));
        return odd is null ? names : throw new FormatException($"{option} does not know '{odd}': one of {string.Join(", ", known)}.");
    }

    private static int Number(string option, string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            ? number
            : throw new FormatException($"{option} needs a number from {least} to {most}, not '{value}'.");

    private static double Gigabytes(string option, string value) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number is >= 0.001
        and <= 100
            ? number
            : throw new FormatException($"{option} needs a number from 0.001 to 100, not '{value}'.");

    private static string Program(string option, string value)
    {
        string path = Path.GetFullPath(value);
        return File.Exists(path) ? path : throw new FormatException($"{option}: there is no program {path}.");
    }

    private static string Folder(string option, string value)
    {
        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(value));
        return Directory.Exists(path) ? path : throw new FormatException($"{option}: there is no folder {path}.");
    }
}
