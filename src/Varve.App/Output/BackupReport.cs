using System.Text.Json;
using Varve.App.Commands;
using Varve.Backup;
using Varve.Model;

namespace Varve.App.Output;

/// <summary>What a backup did, for people and as JSON.</summary>
internal static class BackupReport
{
    /// <summary>A few lines.</summary>
    internal static void Text(TextOutput output, BackupResult result)
    {
        Snapshot snapshot = result.Snapshot;
        SnapshotCounts c = snapshot.Counts;
        string source = snapshot.Private is { } p ? $" of {NameText.Escape(p.Source)} ({NameText.Escape(p.RootPath)})" : "";
        string verdict = result.NothingChanged ? ": nothing changed" : snapshot.IsPartial ? ": partial, more is to come" : "";
        output.WriteLine($"Snapshot {Human.Short(result.Name)}{source}{verdict}");
        output.WriteLine($"  holds    {Human.Count(c.Files, "file")}, {Human.Count(c.Directories, "directory", "directories")}, {Human.Size(c.Bytes)}");
        string metadata = c.MetadataOnly > 0 ? $", {Human.Count(c.MetadataOnly)} with new metadata" : "";
        output.WriteLine($"  entries  {Human.Count(c.New)} new, {Human.Count(c.Changed)} changed{metadata}, {Human.Count(c.Unchanged)} unchanged, {Human.Count(c.Gone)} gone");
        output.WriteLine($"  data     {Human.Size(c.BytesRead)} read, {Human.Size(c.BytesAdded)} added, {Human.Size(c.BytesStored)} stored");
        if (result.DeltaBytes > 0)
        {
            output.WriteLine($"  deltas   {Human.Size(result.DeltaBytes)} of {Human.Count(result.DeltaFiles, "changed file")} as stored before");
        }

        double seconds = Math.Max(0.001, result.Elapsed.TotalSeconds);
        string rate = result.NothingChanged ? "" : $" ({Human.Size((long)(c.BytesRead / seconds))}/s read)";
        output.WriteLine($"  time     {Human.Duration(result.Elapsed)}{rate}{(result.Resumed ? ", carrying on from an interrupted backup" : "")}");
        if (result.FailureCount > 0)
        {
            output.WriteLine($"  failed   {Human.Count(result.FailureCount, "path")} could not be saved");
        }
    }

    /// <summary>One object (docs/json.md, backup).</summary>
    internal static void Json(JsonOutput output, BackupResult result) => output.Object(result, static (json, r) =>
    {
        json.WriteString("type", "backup");
        SnapshotReport.Members(json, r.Name, r.Snapshot);
        json.WriteBoolean("nothingChanged", r.NothingChanged);
        json.WriteBoolean("resumed", r.Resumed);
        json.WriteNumber("deltaFiles", r.DeltaFiles);
        json.WriteNumber("deltaBytes", r.DeltaBytes);
        json.WriteNumber("seconds", Math.Round(r.Elapsed.TotalSeconds, 3));
        JsonOutput.Failures(json, r.Failures, r.FailureCount);
        json.WriteStartArray("notes");
        foreach (string note in r.Notes)
        {
            json.WriteStringValue(note);
        }

        json.WriteEndArray();
    });

    /// <summary>One object (docs/json.md, progress), written at once.</summary>
    internal static void Progress(CommandContext context, BackupProgress progress)
    {
        context.Json.Object(progress, static (json, p) =>
        {
            json.WriteString("type", "progress");
            json.WriteString("phase", p.Phase);
            json.WriteNumber("directories", p.Directories);
            json.WriteNumber("files", p.Files);
            json.WriteNumber("bytes", p.Bytes);
            json.WriteNumber("bytesRead", p.BytesRead);
            json.WriteNumber("bytesStored", p.BytesStored);
            json.WriteNumber("failed", p.Failed);
            Optional(json, "expectedFiles", p.ExpectedFiles);
            Optional(json, "expectedBytes", p.ExpectedBytes);
        });
        context.Out.Flush();
    }

    private static void Optional(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
