using System.Security.Cryptography;
using Varve.Format;
using Varve.Model;
using Varve.Seal;
using Varve.Store;
using Varve.Tree;

namespace Varve.Vault.Objects;

/// <summary>Reads lists of condemned packs (docs/format.md, 11).</summary>
internal static class CondemnedList
{
    internal static CondemnedPacks Read(IStore store, ObjectSealer objects, string key)
    {
        ObjectName name = ObjectKeys.Name(key);
        byte[] bytes = store.Get(key, Limits.MaxListing) ?? throw new VarveException(ErrorKind.NotFound, Subject.Object(key), "is gone");
        if (new ObjectName(SHA256.HashData(bytes)) != name)
        {
            throw VarveException.Damaged(Subject.Object(key), "its bytes do not hash to its name");
        }
        if (!bytes.AsSpan().StartsWith(ObjectMagic.Condemned))
        {
            throw VarveException.Damaged(Subject.Object(key), "it does not start as a list of condemned packs");
        }
        try { return CondemnedCodec.Decode(objects.Open(ObjectType.Condemned, ObjectMagic.Condemned, bytes.AsSpan(ObjectMagic.Length))); }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { throw e.At(Subject.Object(key)); }
    }
}
