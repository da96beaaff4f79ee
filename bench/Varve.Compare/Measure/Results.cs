using Varve.Compare.Corpora;

namespace Varve.Compare.Measure;

/// <summary>Everything measured in one run. Not thread-safe.</summary>
internal sealed class Results
{
    private readonly List<MeasuredCorpus> _corpora = [];
    private readonly List<string> _missing = [];
    private readonly Dictionary<(int Corpus, Row Row, string Tool), Measurement> _measurements = [];

    /// <summary>In the order they were measured.</summary>
    public IReadOnlyList<MeasuredCorpus> Corpora => _corpora;

    /// <summary>In no order.</summary>
    public IEnumerable<Measurement> Measurements => _measurements.Values;

    /// <summary>Corpora that could not be made, each with the reason.</summary>
    public IReadOnlyList<string> Missing => _missing;

    /// <summary>Notes a corpus that could not be made.</summary>
    public void Miss(Corpus corpus, string reason) => _missing.Add($"{corpus.Title} ({corpus.Key}): not measured: {reason}");

    /// <summary>Adds a corpus.</summary>
    public MeasuredCorpus Begin(Corpus corpus, IReadOnlyList<Row> rows)
    {
        var measured = new MeasuredCorpus(_corpora.Count, corpus.Key, corpus.Title, corpus.Size, corpus.Unit, rows);
        _corpora.Add(measured);
        return measured;
    }

    /// <summary>The samples of that work; empty ones if there are none yet.</summary>
    public Measurement Of(MeasuredCorpus corpus, Row row, string tool)
    {
        var key = (corpus.Index, row, tool);
        if (!_measurements.TryGetValue(key, out Measurement? found))
        {
            _measurements[key] = found = new Measurement(corpus.Index, row, tool);
        }

        return found;
    }

    /// <summary>The samples of that work if it succeeded, otherwise null.</summary>
    public Measurement? Value(MeasuredCorpus corpus, Row row, string tool) =>
        _measurements.TryGetValue((corpus.Index, row, tool), out Measurement? found) && found.HasValue ? found : null;
}
