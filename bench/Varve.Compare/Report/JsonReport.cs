using System.Text.Json;
using Varve.Compare.Measure;

namespace Varve.Compare.Report;

/// <summary>The results as one JSON object. Times are seconds, sizes bytes; a figure that does not exist is null.</summary>
internal static class JsonReport
{
    /// <summary>Writes the file anew.</summary>
    public static void Write(string path, Results results, IReadOnlyList<Pair> pairs, IReadOnlyList<Verdict> verdicts, MachineInfo machine)
    {
        using FileStream file = File.Create(path);
        using var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        WriteMachine(json, machine);
        json.WriteStartArray("corpora");
        foreach (MeasuredCorpus corpus in results.Corpora) { WriteCorpus(json, results, corpus); }
        json.WriteEndArray();
        json.WriteStartArray("missing");
        foreach (string missing in results.Missing) { json.WriteStringValue(missing); }
        json.WriteEndArray();
        json.WriteStartArray("beforeAndAfter");
        foreach (Pair pair in pairs) { WritePair(json, pair); }
        json.WriteEndArray();
        json.WriteStartArray("targets");
        foreach (Verdict verdict in verdicts) { WriteVerdict(json, verdict); }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteMachine(Utf8JsonWriter json, MachineInfo machine)
    {
        json.WriteString("started", machine.Started);
        json.WriteString("arguments", machine.Arguments);
        json.WriteString("kernel", machine.Kernel);
        json.WriteString("processor", machine.Processor);
        json.WriteNumber("cores", machine.Cores);
        json.WriteNumber("memoryBytes", machine.MemoryBytes);
        json.WriteString("filesystem", machine.Filesystem);
        json.WriteString("runtime", machine.Runtime);
        json.WriteStartObject("versions");
        foreach ((string program, string version) in machine.Versions) { json.WriteString(program, version); }
        json.WriteEndObject();
    }

    private static void WriteCorpus(Utf8JsonWriter json, Results results, MeasuredCorpus corpus)
    {
        json.WriteStartObject();
        json.WriteString("corpus", corpus.Key);
        json.WriteNumber("files", corpus.Size.Files);
        json.WriteNumber("directories", corpus.Size.Directories);
        json.WriteNumber("bytes", corpus.Size.Bytes);
        json.WriteStartArray("results");
        foreach (Measurement measurement in results.Measurements.Where(m => m.Corpus == corpus.Index)
            .OrderBy(m => m.Row.Key + " " + m.Tool, StringComparer.Ordinal))
        {
            if (measurement.HasValue || measurement.Failure is not null)
            {
                WriteMeasurement(json, measurement, results.Value(corpus, measurement.Row, "varve"));
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteMeasurement(Utf8JsonWriter json, Measurement measurement, Measurement? ours)
    {
        json.WriteStartObject();
        json.WriteString("row", measurement.Row.Key);
        json.WriteString("tool", measurement.Tool);
        json.WriteString("unit", measurement.Row.IsBytes ? "bytes" : "seconds");
        json.WriteString("failure", measurement.Failure);
        WriteNumber(json, "median", measurement.HasValue ? measurement.Median : null);
        WriteNumber(json, "toVarve", measurement.HasValue && ours is not null ? measurement.Median / ours.Median : null);
        WriteNumber(json, "cpuSeconds", measurement.Cpu > 0 ? measurement.Cpu : null);
        WriteNumber(json, "peakBytes", measurement.PeakBytes > 0 ? measurement.PeakBytes : null);
        json.WriteStartArray("samples");
        foreach (double value in measurement.Values) { json.WriteNumberValue(Math.Round(value, 6)); }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WritePair(Utf8JsonWriter json, Pair pair)
    {
        json.WriteStartObject();
        json.WriteString("corpus", pair.Corpus.Key);
        json.WriteNumber("files", pair.Corpus.Size.Files);
        json.WriteString("row", pair.Row.Key);
        WriteNumber(json, "ratio", pair.Value);
        WriteNumber(json, "cpuRatio", pair.Cpu);
        WriteNumber(json, "peakRatio", pair.Peak);
        json.WriteString("verdict", pair.Verdict);
        json.WriteEndObject();
    }

    private static void WriteVerdict(Utf8JsonWriter json, Verdict verdict)
    {
        json.WriteStartObject();
        json.WriteNumber("issue", verdict.Target.Issue);
        json.WriteString("work", verdict.Target.Work);
        json.WriteString("mustReach", verdict.Target.Goal);
        WriteNumber(json, "measured", verdict.Value);
        json.WriteString("answer", verdict.Answer);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number) { json.WriteNumber(name, Math.Round(number, 6)); } else { json.WriteNull(name); }
    }
}
