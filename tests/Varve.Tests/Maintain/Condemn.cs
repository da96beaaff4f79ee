using System.Security.Cryptography;
using Varve.Format;
using Varve.Model;
using Varve.Seal;
using Varve.Tree;
using Varve.Vault;

namespace Varve.Tests.Maintain;

/// <summary>Writes lists of condemned packs, as prune will.</summary>
internal static class Condemn
{
    public static string Put(Repository repository, IReadOnlyList<ObjectName> packs)
    {
        byte[] plain = CondemnedCodec.Encode(new CondemnedPacks(new FileTime(1_700_000_000, 0), packs, []));
        byte[] bytes = [.. ObjectMagic.Condemned, .. repository.Objects.Seal(ObjectType.Condemned, ObjectMagic.Condemned, plain)];
        string key = ObjectKeys.Condemned + new ObjectName(SHA256.HashData(bytes));
        repository.Store.Put(key, bytes);
        return key;
    }
}
