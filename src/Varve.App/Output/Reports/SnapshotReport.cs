using System.Text.Json;
using Varve.Model;

namespace Varve.App.Output;

/// <summary>A snapshot, for people and as JSON.</summary>
internal static class SnapshotReport
{
    internal const string Header = "SNAPSHOT  START                SOURCE            FILES       SIZE  ROOT";

    /// <summary>One line below <see cref="Header"/>.</summary>
    internal static string Line(ObjectName name, Snapshot snapshot, TimeZoneInfo zone)
    {
        string source = snapshot.Private is { } p ? NameText.Escape(p.Source) : snapshot.SourceId.ToString()[..8];
        string root = snapshot.Private is { } q ? NameText.Escape(q.Host) + ":" + NameText.Escape(q.CanonicalRoot) : "(needs the full key)";
        string line = $"{Human.Short(name)}  {Human.Time(snapshot.Start, zone)}  {source,-12}  {Human.Count(snapshot.Counts.Files),9}  {Human.Size(snapshot.Counts.Bytes),9}  {root}";
        foreach (string tag in snapshot.Private?.Tags ?? [])
        {
            line += " #" + NameText.Escape(tag);
        }

        return line + (snapshot.IsPartial ? $"  [partial, {Human.Count(snapshot.Counts.PendingFiles)} to come]" : "")
            + (snapshot.HasFailures ? $"  [{Human.Count(snapshot.Counts.Failed)} failed]" : "");
    }

    /// <summary>The members of a snapshot's object (docs/json.md). What only the full key reads is null without it.</summary>
    internal static void Members(Utf8JsonWriter json, ObjectName name, Snapshot snapshot)
    {
        json.WriteString("snapshot", name.ToString());
        json.WriteString("sourceId", snapshot.SourceId.ToString());
        SnapshotPrivate? p = snapshot.Private;
        json.WriteString("source", p?.Source);
        json.WriteString("host", p?.Host);
        json.WriteString("user", p?.User);
        if (p is null)
        {
            json.WriteNull("root");
            json.WriteNull("canonicalRoot");
            json.WriteNull("tags");
        }
        else
        {
            JsonOutput.Bytes(json, "root", p.RootPath);
            JsonOutput.Bytes(json, "canonicalRoot", p.CanonicalRoot);
            json.WriteStartArray("tags");
            foreach (string tag in p.Tags)
            {
                json.WriteStringValue(tag);
            }

            json.WriteEndArray();
        }

        JsonOutput.Time(json, "start", snapshot.Start);
        JsonOutput.Time(json, "end", snapshot.End);
        json.WriteBoolean("partial", snapshot.IsPartial);
        json.WriteString("parent", snapshot.Parent.IsNone ? null : snapshot.Parent.ToString());
        json.WriteString("program", snapshot.Program);
        SnapshotCounts c = snapshot.Counts;
        json.WriteNumber("files", c.Files);
        json.WriteNumber("directories", c.Directories);
        json.WriteNumber("symlinks", c.Symlinks);
        json.WriteNumber("others", c.Others);
        json.WriteNumber("bytes", c.Bytes);
        json.WriteNumber("failed", c.Failed);
        json.WriteNumber("new", c.New);
        json.WriteNumber("changed", c.Changed);
        json.WriteNumber("metadataOnly", c.MetadataOnly);
        json.WriteNumber("unchanged", c.Unchanged);
        json.WriteNumber("gone", c.Gone);
        json.WriteNumber("moved", c.Moved);
        json.WriteNumber("bytesRead", c.BytesRead);
        json.WriteNumber("bytesAdded", c.BytesAdded);
        json.WriteNumber("bytesStored", c.BytesStored);
        json.WriteNumber("pendingFiles", c.PendingFiles);
        json.WriteNumber("pendingBytes", c.PendingBytes);
    }
}
