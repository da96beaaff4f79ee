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
        string source = snapshot.Private is { } p ? $" of {NameText.Escape(p.Source)} ({NameText.Escape(p.RootPath)}{Mapped(p)})" : "";
        string verdict = snapshot.IsPartial ? ": partial, more is to come" : result.NothingChanged ? ": nothing changed" : "";
        output.WriteLine($"Snapshot {Human.Short(result.Name)}{source}{verdict}");
        output.WriteLine($"  holds    {Human.Count(c.Files, "file")}, {Human.Count(c.Directories, "directory", "directories")}, {Human.Size(c.Bytes)}");
        string metadata = c.MetadataOnly > 0 ? $", {Human.Count(c.MetadataOnly)} with new metadata" : "";
        string moved = c.Moved > 0 ? $", {Human.Count(c.Moved)} moved" : "";
        output.WriteLine($"  entries  {Human.Count(c.New)} new, {Human.Count(c.Changed)} changed{metadata}{moved}, {Human.Count(c.Unchanged)} unchanged, {Human.Count(c.Gone)} gone");
        output.WriteLine($"  data     {Human.Size(c.BytesRead)} read, {Human.Size(c.BytesAdded)} added, {Human.Size(c.BytesStored)} stored");
        if (result.DeltaBytes > 0)
        {
            output.WriteLine($"  deltas   {Human.Size(result.DeltaBytes)} of {Human.Count(result.DeltaFiles, "changed file")} as stored before");
        }

        double seconds = Math.Max(0.001, result.Elapsed.TotalSeconds);
        string rate = result.NothingChanged ? "" : $" ({Human.Size((long)(c.BytesRead / seconds))}/s read)";
        output.WriteLine($"  time     {Human.Duration(result.Elapsed)}{rate}{(result.Resumed ? ", carrying on from an interrupted backup" : "")}");
        if (c.PendingFiles > 0)
        {
            output.WriteLine($"  to come  {Human.Count(c.PendingFiles, "file")}, {Human.Size(c.PendingBytes)}: the next backup goes on");
        }

        if (result.Unstable > 0)
        {
            string torn = result.Torn > 0 ? $", {Human.Count(result.Torn)} of them stored torn" : "";
            output.WriteLine($"  unstable {Human.Count(result.Unstable, "file")} that did not hold still{torn}: see 'varve unstable'");
        }

        if (result.FailureCount > result.Torn)
        {
            output.WriteLine($"  failed   {Human.Count(result.FailureCount - result.Torn, "path")} could not be saved");
        }
    }

    /// <summary>One object (docs/json.md, backup).</summary>
    internal static void Json(JsonOutput output, BackupResult result) => output.Object(result, static (json, r) =>
    {
        json.WriteString("type", "backup");
        SnapshotReport.Members(json, r.Name, r.Snapshot);
        json.WriteBoolean("nothingChanged", r.NothingChanged);
        json.WriteBoolean("resumed", r.Resumed);
        json.WriteNumber("torn", r.Torn);
        json.WriteNumber("unstable", r.Unstable);
        json.WriteNumber("deltaFiles", r.DeltaFiles);
        json.WriteNumber("deltaBytes", r.DeltaBytes);
        json.WriteNumber("seconds", Math.Round(r.Elapsed.TotalSeconds, 3));
        JsonOutput.Failures(json, r.Failures, r.FailureCount);
        json.WriteStartArray("pending");
        foreach (PendingFile file in r.Pending)
        {
            json.WriteStartObject();
            Members(json, file);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("notes");
        foreach (Notice note in r.Notes)
        {
            json.WriteStringValue(AdviceText.Line(note));
        }

        json.WriteEndArray();
    });

    /// <summary>The members of a file that is still to come (docs/json.md, ls).</summary>
    internal static void Members(Utf8JsonWriter json, PendingFile file)
    {
        JsonOutput.Bytes(json, "path", file.Path);
        json.WriteNumber("size", file.Size);
        JsonOutput.Time(json, "time", file.Time);
    }

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

    private static string Mapped(SnapshotPrivate p) => p.RootPath.AsSpan().SequenceEqual(p.CanonicalRoot) ? "" : " as " + NameText.Escape(p.CanonicalRoot);

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
