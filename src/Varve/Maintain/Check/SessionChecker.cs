using Varve.Maintain.Findings;
using Varve.Format;
using Varve.Model;
using Varve.Store;
using Varve.Vault.Open;

namespace Varve.Maintain.Check;

/// <summary>Looks at the sessions in a store: what is none would be nobody's, and nobody would take it away.</summary>
internal static class SessionChecker
{
    internal static void Run(IStore store, IEnumerable<string> keys, CheckFindings report)
    {
        foreach (string key in keys)
        {
            if (!key.StartsWith(ObjectKeys.Sessions, StringComparison.Ordinal)) { continue; }
            try
            {
                if (!ObjectKeys.IsSession(key)) { throw VarveException.Damaged(Subject.None, ObjectKeys.NoName); }

                // One that ended since it was listed is gone.
                if (store.Get(key, Limits.MaxSmallObject) is { } bytes) { SessionJson.Verify(bytes); }
            }
            catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { report.Add(Subject.Object(key), e.What, Advice.RemoveStray); }
        }
    }
}
