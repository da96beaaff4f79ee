using Varve.Compare.Measure;
using Varve.Compare.Tools;

namespace Varve.Compare.Report;

/// <summary>A figure that Varve must reach.</summary>
/// <param name="Issue">The project's issue that asks for it.</param>
/// <param name="Corpus">The corpus's key; null for the worst of all that were measured.</param>
/// <param name="Row">The work; null for all of it.</param>
/// <param name="Kind">How it compares.</param>
/// <param name="Bound">With what.</param>
/// <param name="Against">The other tool; for a row of our own, "varve".</param>
internal sealed record Target(int Issue, string? Corpus, Row? Row, GoalKind Kind, double Bound, string Against = "")
{
    /// <summary>The number of files it is asked for at; 0 for whatever the corpus has.</summary>
    public long Files { get; init; }

    /// <summary>What that number counts.</summary>
    public string Unit { get; init; } = "files";

    /// <summary>For a row of our own, the row compared with.</summary>
    public Row? AgainstRow { get; init; }

    /// <summary>What is measured, for people.</summary>
    public string Work
    {
        get
        {
            string work = Kind switch
            {
                GoalKind.PeakMemory => "peak memory of each row",
                GoalKind.PeakGrowth => "peak memory of " + (Row is null ? "each row" : Row.Title),
                _ => Row!.Title,
            };
            string size = Files > 0 ? $", {Figures.Count(Files)} {Unit}" : "";
            return Corpus is null ? work : $"{work}, {Corpus}{size}";
        }
    }

    /// <summary>The bound, for people.</summary>
    public string Goal
    {
        get
        {
            string other = AgainstRow is null ? ToolNames.Title(Against) : "our " + AgainstRow.Title;
            return Kind switch
            {
                GoalKind.TimesAsFast => $"at least {Figures.Ratio(Bound)} times as fast as {other}",
                GoalKind.TimesTheFigure => $"at most {Figures.Ratio(Bound)} of {other}",
                GoalKind.Seconds => "at most " + Figures.Seconds(Bound),
                GoalKind.SecondsMore => $"at most {Figures.Seconds(Bound)} more than {other}",
                GoalKind.PeakMemory => "at most " + Figures.Bytes(Bound),
                _ => $"at most {Figures.Ratio(Bound)} times that at {Figures.Count(Files / 10)} {Unit}",
            };
        }
    }
}
