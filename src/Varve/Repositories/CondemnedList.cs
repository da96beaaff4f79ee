using System.Security.Cryptography;
using Varve.Model;
using Varve.Seal;
using Varve.Tree;

namespace Varve.Repositories;

/// <summary>Reads lists of condemned packs (docs/format.md, 11).</summary>
internal static class CondemnedList
{
    private const int MaxList = 64 << 20;

    internal static CondemnedPacks Read(Repository repository, string key)
    {
        if (!ObjectKeys.TryName(key, out ObjectName name)) { throw VarveException.Damaged(Subject.Object(key), "it is not named by a hash"); }
        byte[] bytes = repository.Store.Get(key, MaxList) ?? throw new VarveException(ErrorKind.NotFound, Subject.Object(key), "is gone");
        if (new ObjectName(SHA256.HashData(bytes)) != name) { throw VarveException.Damaged(Subject.Object(key), "its bytes do not hash to its name"); }
        if (!bytes.AsSpan().StartsWith(ObjectMagic.Condemned)) { throw VarveException.Damaged(Subject.Object(key), "it does not start as a list of condemned packs"); }
        try { return CondemnedCodec.Decode(repository.Objects.Open(ObjectType.Condemned, ObjectMagic.Condemned, bytes.AsSpan(ObjectMagic.Length))); }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { throw e.At(Subject.Object(key)); }
    }
}
