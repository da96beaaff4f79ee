using System.Buffers;
using System.Text.Json;
using Varve.Format;
using Varve.Model;

namespace Varve.Keys;

/// <summary>The object <c>varve</c>: a repository's header as JSON (docs/format.md, 3). Thread-safe.</summary>
internal static class HeaderJson
{
    /// <summary>The longest header, in bytes.</summary>
    public const int MaxLength = Limits.MaxSmallObject;

    /// <summary>Writes a header.</summary>
    public static byte[] Encode(RepositoryHeader header)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("varve", header.Version);
            json.WriteString("repository", header.Id.ToString());
            json.WriteString("created", header.Created);
            json.WriteNumber("packSize", header.PackSize);
            json.WriteNumber("blockSize", header.BlockSize);
            json.WriteNumber("chunkMin", header.ChunkMin);
            json.WriteNumber("chunkAverage", header.ChunkAverage);
            json.WriteNumber("chunkMax", header.ChunkMax);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a header.</summary>
    /// <exception cref="VarveException">Without a name. Unsupported: of a newer format. Damaged: not a header, or its sizes make no
    /// sense.</exception>
    public static RepositoryHeader Decode(ReadOnlySpan<byte> bytes)
    {
        JsonMembers json = JsonMembers.Parse(bytes, MaxLength, Subject.None);
        int version = (int)json.Integer("varve", 1, int.MaxValue);
        if (version > RepositoryHeader.CurrentVersion)
        {
            throw new VarveException(
                ErrorKind.Unsupported, Subject.None,
                $"is of format {version}, which is newer than what this program reads ({RepositoryHeader.CurrentVersion})", Advice.Upgrade);
        }

        int chunkMax = (int)json.Integer("chunkMax", Limits.MinChunk, Limits.MaxChunk);
        int chunkAverage = (int)json.Integer("chunkAverage", Limits.MinChunk, chunkMax);
        return new RepositoryHeader(
            version,
            json.Repository("repository"),
            json.Time("created"),
            (int)json.Integer("packSize", 1, Limits.MaxPack),
            (int)json.Integer("blockSize", 1, Limits.MaxBlock),
            (int)json.Integer("chunkMin", Limits.MinChunk, chunkAverage),
            chunkAverage,
            chunkMax);
    }
}
