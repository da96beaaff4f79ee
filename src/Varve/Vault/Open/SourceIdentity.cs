using System.Security.Cryptography;
using System.Text;
using Varve.Model;
using Varve.Model.Bytes;

namespace Varve.Vault.Open;

/// <summary>
/// Which source a tree is: host and canonical root, keyed so that the id tells nobody the path (docs/format.md, 9, tag 1).
/// </summary>
internal static class SourceIdentity
{
    internal static Bytes32 Of(ReadOnlySpan<byte> chunkIdKey, string host, ReadOnlySpan<byte> canonicalRoot)
    {
        var text = new ByteWriter();
        text.Raw("varve/1 source"u8);
        text.Bytes(Encoding.UTF8.GetBytes(host));
        text.Bytes(canonicalRoot);
        return new Bytes32(HMACSHA256.HashData(chunkIdKey, text.Written));
    }
}
