using Varve.Format;
using Varve.Maintain.Findings;
using Varve.Model;
using Varve.Seal;
using Varve.Store;
using Varve.Tree;
using Varve.Vault.Objects;

namespace Varve.Maintain.Check;

/// <summary>
/// Looks at what prunes leave for others: fences, which are kept for ever, and final marks. Lists of condemned packs are read with the
/// index.
/// </summary>
internal static class PruneRecordChecker
{
    internal static void Run(IStore store, RecordSealer records, IEnumerable<string> keys, CheckFindings report)
    {
        foreach (string key in keys)
        {
            bool isFence = key.StartsWith(ObjectKeys.Fences, StringComparison.Ordinal);
            if (!isFence && !key.StartsWith(ObjectKeys.Final, StringComparison.Ordinal)) { continue; }
            try
            {
                bool counts = isFence ? SignedRecord.Read(store, records, RecordKind.Fence, key, FenceCodec.Decode).Counts
                    : SignedRecord.Read(store, records, RecordKind.Final, key, FinalMarkCodec.Decode).Counts;
                if (!counts) { report.Note(SignedRecord.Disregarded(key).ToString()); }
            }
            catch (VarveException e) when (e.Kind == ErrorKind.NotFound) { /* removed since it was listed */ }
            catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { report.Add(Subject.Object(key), e.What, Advice.RestoreObject); }
        }
    }
}
