using Varve.Format;
using Varve.Model;
using Varve.Model.Snapshots;
using Varve.Seal;
using Varve.Tree;
using Varve.Vault;

namespace Varve.Tests.Maintain;

/// <summary>Writes lists of condemned packs and fences, as prune will.</summary>
internal static class Condemn
{
    /// <summary>A list of these packs; its key.</summary>
    public static string Put(Repository repository, IReadOnlyList<ObjectName> packs)
    {
        byte[] plain = CondemnedCodec.Encode(new CondemnedPacks(new FileTime(1_700_000_000, 0), SessionId.Create(), packs));
        (ObjectName name, byte[] bytes) = repository.Records.Seal(RecordKind.Condemned, plain, []);
        string key = ObjectKeys.Condemned + name;
        repository.Store.Put(key, bytes);
        return key;
    }

    /// <summary>An object of these fences; its name.</summary>
    public static ObjectName Fence(Repository repository, params IReadOnlyList<Fence> fences)
    {
        (ObjectName name, byte[] bytes) = repository.Records.Seal(RecordKind.Fence, FenceCodec.Encode(new FenceList(fences, [])), []);
        repository.Store.Put(ObjectKeys.Fences + name, bytes);
        return name;
    }
}
