using Varve.Format;
using Varve.Model;
using Varve.Seal;
using Varve.Store;
using Varve.Tree;

namespace Varve.Vault.Objects;

/// <summary>Reads lists of condemned packs (docs/format.md, 11.1).</summary>
internal static class CondemnedList
{
    /// <summary>Null for one that no full key signed.</summary>
    /// <exception cref="VarveException">NotFound; Damaged.</exception>
    internal static CondemnedPacks? Read(IStore store, RecordSealer records, string key)
    {
        OpenedRecord record = SignedRecord.Read(store, records, RecordKind.Condemned, key);
        try
        {
            CondemnedPacks condemned = CondemnedCodec.Decode(record.Public);
            return SignedRecord.Counts(record) ? condemned : null;
        }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { throw e.At(Subject.Object(key)); }
    }
}
