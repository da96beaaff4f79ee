using Varve.Format;
using Varve.Model;
using Varve.Seal;
using Varve.Store;

namespace Varve.Vault.Objects;

/// <summary>
/// Records that say what happens to other writers' work: lists of condemned packs, final marks, fences. They count only if a full key
/// signed them. Stateless.
/// </summary>
internal static class SignedRecord
{
    /// <summary>Reads one.</summary>
    /// <exception cref="VarveException">NotFound; Damaged, of the object.</exception>
    internal static OpenedRecord Read(IStore store, RecordSealer records, RecordKind kind, string key)
    {
        ObjectName name = ObjectKeys.Name(key);
        byte[] bytes = store.Get(key, Limits.MaxListing) ?? throw new VarveException(ErrorKind.NotFound, Subject.Object(key), "is gone");
        try { return records.Open(kind, name, bytes); }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { throw e.At(Subject.Object(key)); }
    }

    /// <summary>Whether it counts. Who cannot tell who signed takes it to: that costs work, the other could cost a snapshot.</summary>
    internal static bool Counts(OpenedRecord record) => record.Signature.IsFull || record.Signature.State == SignatureState.Unknown;

    /// <summary>What is said of one that does not.</summary>
    internal static Notice Disregarded(string key) =>
        new(Subject.Object(key), "is disregarded: no full key signed it", null, Advice.None);
}
