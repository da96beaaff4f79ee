using System.Buffers;
using System.Text.Json;
using Varve.Format;
using Varve.Keys;
using Varve.Model;

namespace Varve.Vault.Open;

/// <summary>A session as JSON (docs/format.md, 10). Stateless, thread-safe.</summary>
internal static class SessionJson
{
    private const int Version = 1;

    /// <summary>Writes a session; times are to the second.</summary>
    internal static byte[] Encode(string host, int processId, DateTimeOffset started, DateTimeOffset refreshed, DateTimeOffset expires)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("session", Version);
            json.WriteString("host", host);
            json.WriteNumber("pid", processId);
            json.WriteString("started", Rfc3339.Of(started));
            json.WriteString("refreshed", Rfc3339.Of(refreshed));
            json.WriteString("expires", Rfc3339.Of(expires));
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Throws unless this is a session, or one of a version that is not known here: of that, nothing more is asked.</summary>
    /// <exception cref="VarveException">Damaged, without a name.</exception>
    internal static void Verify(ReadOnlySpan<byte> bytes)
    {
        JsonMembers json = JsonMembers.Parse(bytes, Limits.MaxSmallObject, Subject.None);
        if (json.Integer("session", 1, int.MaxValue) > Version) { return; }
        json.Text("host");
        json.Integer("pid", 0, long.MaxValue);
        json.Time("started");
        json.Time("refreshed");
        json.Time("expires");
    }
}
