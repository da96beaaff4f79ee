using Varve.Restore;

namespace Varve.App.Output;

/// <summary>What a restore did, for people and as JSON.</summary>
internal static class RestoreReport
{
    internal static void Text(TextOutput output, RestoreOptions options, RestoreResult result)
    {
        double seconds = Math.Max(0.001, result.Elapsed.TotalSeconds);
        output.WriteLine($"Restored snapshot {Human.Short(options.Snapshot.Name)} to {NameText.Escape(options.Target)}");
        string others = result.Others > 0 ? $", {Human.Count(result.Others, "other")}" : "";
        output.WriteLine($"  {Human.Count(result.Files, "file")}, {Human.Count(result.Directories, "directory", "directories")}{others}, {Human.Size(result.Bytes)}"
            + $" in {Human.Duration(result.Elapsed)} ({Human.Size((long)(result.Bytes / seconds))}/s)");
        if (result.TornCount > 0)
        {
            output.WriteLine($"  {Human.Count(result.TornCount, "file")} torn: changed while the backup read them, the content may mix moments");
        }

        if (result.FailureCount > 0)
        {
            output.WriteLine($"  {Human.Count(result.FailureCount, "path")} failed");
        }
    }

    /// <summary>One object (docs/json.md, restore).</summary>
    internal static void Json(JsonOutput output, RestoreOptions options, RestoreResult result) => output.Object((options, result), static (json, s) =>
    {
        json.WriteString("snapshot", s.options.Snapshot.Name.ToString());
        JsonOutput.Bytes(json, "target", s.options.Target);
        json.WriteNumber("files", s.result.Files);
        json.WriteNumber("directories", s.result.Directories);
        json.WriteNumber("others", s.result.Others);
        json.WriteNumber("bytes", s.result.Bytes);
        json.WriteNumber("seconds", Math.Round(s.result.Elapsed.TotalSeconds, 3));
        json.WriteNumber("tornCount", s.result.TornCount);
        json.WriteStartArray("torn");
        foreach (byte[] path in s.result.Torn)
        {
            json.WriteStartObject();
            JsonOutput.Bytes(json, "path", path);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        JsonOutput.Failures(json, s.result.Failures, s.result.FailureCount);
        json.WriteStartArray("notSet");
        foreach (string note in s.result.NotSet)
        {
            json.WriteStringValue(note);
        }

        json.WriteEndArray();
    });
}
