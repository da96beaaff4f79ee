using System.Text.Json;
using Varve.Maintain;

namespace Varve.App.Output;

/// <summary>An unstable file, for people and as JSON.</summary>
internal static class UnstableReport
{
    internal const string Header = "SINCE                BACKUPS  STORED  FILE";

    /// <summary>One line below <see cref="Header"/>.</summary>
    internal static string Line(UnstableFile file, TimeZoneInfo zone) =>
        $"{Human.Time(file.Since, zone)}  {Human.Count(file.Runs),7}  {Stored(file),-6}  {NameText.Escape(file.Source)}: {(file.Path.Length == 0 ? "." : NameText.Escape(file.Path))}";

    /// <summary>The members of its object (docs/json.md, unstable).</summary>
    internal static void Members(Utf8JsonWriter json, UnstableFile file)
    {
        json.WriteString("source", file.Source);
        JsonOutput.Bytes(json, "path", file.Path);
        json.WriteBoolean("torn", file.IsTorn);
        JsonOutput.Time(json, "since", file.Since);
        json.WriteNumber("backups", file.Runs);
    }

    private static string Stored(UnstableFile file) => file.IsTorn ? "torn" : "exact";
}
