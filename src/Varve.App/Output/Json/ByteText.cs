using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace Varve.App.Output.Json;

/// <summary>
/// Bytes as a member: text when they are UTF-8; otherwise null, and the member beside it, which has <c>Bytes</c> behind its name, has them
/// (docs/json.md, common shapes).
/// </summary>
[JsonConverter(typeof(ByteTextConverter))]
internal readonly struct ByteText(byte[] bytes)
{
    /// <summary>As they are.</summary>
    internal ReadOnlySpan<byte> Value => bytes;

    /// <summary>What the member beside it has: the bytes if they are no text, else null.</summary>
    internal byte[]? Other => Utf8.IsValid(bytes) ? null : bytes;

    /// <summary>The member, or null.</summary>
    internal static ByteText? From(byte[]? bytes) => bytes is null ? null : new ByteText(bytes);
}
