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
    /// <summary>
    /// Reads one, and whether it counts. Who cannot tell who signed takes it to: that costs work, the other could cost a snapshot.
    /// </summary>
    /// <param name="store">Where it lies.</param>
    /// <param name="records">Opens it.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="key">Its key.</param>
    /// <param name="decode">Decodes its public part.</param>
    /// <exception cref="VarveException">NotFound; Damaged, of the object.</exception>
    internal static (T? Content, bool Counts) Read<T>(
        IStore store, RecordSealer records, RecordKind kind, string key, Func<ReadOnlySpan<byte>, T> decode)
        where T : class
    {
        ObjectName name = ObjectKeys.Name(key);
        byte[] bytes = store.Get(key, Limits.MaxListing) ?? throw new VarveException(ErrorKind.NotFound, Subject.Object(key), "is gone");
        try
        {
            OpenedRecord record = records.Open(kind, name, bytes);
            bool counts = record.Signature.IsFull || record.Signature.State == SignatureState.Unknown;
            // Of what does not count nobody needs to know what it says: nonsense in it keeps nobody from writing.
            return (counts ? decode(record.Public) : default, counts);
        }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { throw e.At(Subject.Object(key)); }
    }

    /// <summary>What is said of one that does not count.</summary>
    internal static Notice Disregarded(string key) =>
        new(Subject.Object(key), "is disregarded: no full key signed it", null, Advice.None);
}
