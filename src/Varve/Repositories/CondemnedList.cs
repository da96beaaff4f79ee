using System.Security.Cryptography;
using Varve.Format;
using Varve.Model;
using Varve.Seal;
using Varve.Tree;

namespace Varve.Repositories;

/// <summary>Reads lists of condemned packs (docs/format.md, 11).</summary>
internal static class CondemnedList
{
    internal static CondemnedPacks Read(Repository repository, string key)
    {
        if (!ObjectKeys.TryName(key, out ObjectName name)) { throw VarveException.Damaged(key, "it is not named by a hash"); }
        byte[] bytes = repository.Store.Get(key, Limits.MaxListing) ?? throw new VarveException(ErrorKind.NotFound, $"{key} is gone");
        if (new ObjectName(SHA256.HashData(bytes)) != name) { throw VarveException.Damaged(key, "its bytes do not hash to its name"); }
        if (!bytes.AsSpan().StartsWith(ObjectMagic.Condemned)) { throw VarveException.Damaged(key, "it does not start as a list of condemned packs"); }
        return CondemnedCodec.Decode(repository.Objects.Open(ObjectType.Condemned, ObjectMagic.Condemned, bytes.AsSpan(ObjectMagic.Length)), name);
    }
}
