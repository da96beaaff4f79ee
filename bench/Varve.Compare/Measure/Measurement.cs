using Varve.Compare.Run;

namespace Varve.Compare.Measure;

/// <summary>All samples of one tool doing one piece of work on one corpus.</summary>
/// <param name="Corpus">Index of the corpus among those measured.</param>
/// <param name="Row">The work.</param>
/// <param name="Tool">The tool's name.</param>
internal sealed record Measurement(int Corpus, Row Row, string Tool)
{
    private readonly List<double> _values = [];
    private readonly List<double> _cpu = [];

    /// <summary>Seconds of wall time; bytes for rows of bytes (<see cref="Row.IsBytes"/>).</summary>
    public IReadOnlyList<double> Values => _values;

    /// <summary>Largest resident set of any process in any sample, in bytes; 0 if none was measured.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>The first failure; null if every run did what was asked.</summary>
    public string? Failure { get; private set; }

    /// <summary>True if there is a figure to show.</summary>
    public bool HasValue => Failure is null && _values.Count > 0;

    /// <summary>The median of <see cref="Values"/>.</summary>
    public double Median => MedianOf(_values);

    /// <summary>The median of user and system seconds; 0 if none was measured.</summary>
    public double Cpu => _cpu.Count == 0 ? 0 : MedianOf(_cpu);

    /// <summary>Adds what a program used; <paramref name="count"/> is false in a warm-up, where only a failure is noted.</summary>
    /// <param name="result">What the program did.</param>
    /// <param name="count">False in a warm-up.</param>
    /// <param name="seconds">What counts in place of its whole time.</param>
    public void Add(CommandResult result, bool count, double? seconds = null)
    {
        if (!result.Succeeded) { Fail(result.Failure); }
        else if (count)
        {
            _values.Add(seconds ?? result.Wall.TotalSeconds);
            _cpu.Add(result.Cpu.TotalSeconds);
            PeakBytes = Math.Max(PeakBytes, result.PeakBytes);
        }
    }

    /// <summary>Adds a size.</summary>
    public void Add(long bytes, bool count)
    {
        if (count) { _values.Add(bytes); }
    }

    /// <summary>Notes a failure; the first one stands.</summary>
    public void Fail(string reason) => Failure ??= reason;

    private static double MedianOf(List<double> values)
    {
        double[] sorted = values.Order().ToArray();
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
