using System.Globalization;

namespace Varve.Fuzz;

/// <summary>What a campaign is to do.</summary>
internal sealed record FuzzOptions
{
    /// <summary>Processor time for all targets together, in seconds.</summary>
    public double Seconds { get; init; } = 10;

    /// <summary>Whether new inputs go to the corpus in the repository.</summary>
    public bool Keep { get; init; }

    /// <summary>The same seed and corpus give the same inputs.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Which targets; none for all.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>Where corpus and failures lie: beside the sources of this program.</summary>
    public string Place { get; init; } = Find();

    internal static FuzzOptions Parse(string[] args)
    {
        var options = new FuzzOptions();
        List<string> targets = [];
        for (int i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--seconds": options = options with { Seconds = double.Parse(args[++i], CultureInfo.InvariantCulture) }; break;
                case "--seed": options = options with { Seed = int.Parse(args[++i], CultureInfo.InvariantCulture) }; break;
                case "--keep": options = options with { Keep = true }; break;
                case "--place": options = options with { Place = args[++i] }; break;
                default: targets.Add(args[i]); break;
            }
        }

        return options with { Targets = targets };
    }

    private static string Find()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Varve.slnx"))) { return Path.Combine(at.FullName, "tests", "Varve.Fuzz"); }
        }

        return AppContext.BaseDirectory;
    }
}
