using System.Buffers;
using System.Text.Json;
using Varve.Format;
using Varve.Keys;
using Varve.Model;
using Varve.Model.Snapshots;

namespace Varve.Vault.Open;

/// <summary>A session as JSON (docs/format.md, 10). Stateless, thread-safe.</summary>
internal static class SessionJson
{
    private const int Version = 1;

    /// <summary>Writes a session.</summary>
    /// <param name="kind">Writer or prune.</param>
    /// <param name="host">For people.</param>
    /// <param name="processId">For people.</param>
    /// <param name="started">For people; to the second.</param>
    /// <param name="refreshed">For people; to the second.</param>
    /// <param name="life">How long it is to be taken for live without being refreshed.</param>
    /// <param name="refresh">Another number after each refresh.</param>
    internal static byte[] Encode(
        string kind, string host, int processId, DateTimeOffset started, DateTimeOffset refreshed, TimeSpan life, long refresh)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("session", Version);
            json.WriteString("kind", kind);
            json.WriteNumber("life", (long)life.TotalSeconds);
            json.WriteNumber("refresh", refresh);
            json.WriteString("host", host);
            json.WriteNumber("pid", processId);
            json.WriteString("started", Rfc3339.Of(started));
            json.WriteString("refreshed", Rfc3339.Of(refreshed));
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>
    /// What a session says; of one of a later version, or of what is none, that it is somebody's and lives as long as one of ours.
    /// </summary>
    internal static SessionFacts Read(SessionId id, ReadOnlySpan<byte> bytes)
    {
        try
        {
            JsonMembers json = JsonMembers.Parse(bytes, Limits.MaxSmallObject, Subject.None);
            if (json.Integer("session", 1, int.MaxValue) == Version)
            {
                Verify(bytes);
                long life = Math.Min(json.Integer("life", 1, long.MaxValue), (long)Session.GreatestAge.TotalSeconds);
                return new SessionFacts(id, json.Text("kind"), TimeSpan.FromSeconds(life), json.Integer("refresh", 0, long.MaxValue),
                    json.Text("host"), json.Integer("pid", 0, long.MaxValue), json.Time("started"));
            }
        }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { /* whoever made it may be at work */ }

        return new SessionFacts(id, "", Session.Life, 0, "", 0, "");
    }

    /// <summary>Throws unless this is a session, or one of a version that is not known here: of that, nothing more is asked.</summary>
    /// <exception cref="VarveException">Damaged, without a name.</exception>
    internal static void Verify(ReadOnlySpan<byte> bytes)
    {
        JsonMembers json = JsonMembers.Parse(bytes, Limits.MaxSmallObject, Subject.None);
        if (json.Integer("session", 1, int.MaxValue) > Version) { return; }
        json.Text("kind");
        json.Integer("life", 1, long.MaxValue);
        json.Integer("refresh", 0, long.MaxValue);
        json.Text("host");
        json.Integer("pid", 0, long.MaxValue);
        json.Time("started");
        json.Time("refreshed");
    }
}
