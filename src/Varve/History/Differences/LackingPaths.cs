using System.Text;
using Varve.Model.Changes;

namespace Varve.History.Differences;

/// <summary>What a snapshot lacks for a reason: because it could not be saved, or was left for the next. Immutable.</summary>
/// <param name="failed">Paths that could not be saved and are not in it.</param>
/// <param name="pending">Files that are still to come.</param>
/// <param name="hasMore">Whether more are to come than are listed: then any file that is not there may be one of them.</param>
internal sealed class LackingPaths(IEnumerable<byte[]> failed, IEnumerable<byte[]> pending, bool hasMore)
{
    private readonly HashSet<string> _failed = [.. failed.Select(Encoding.Latin1.GetString)];
    private readonly HashSet<string> _pending = [.. pending.Select(Encoding.Latin1.GetString)];

    /// <summary>Why it lacks an entry; null: it was not there.</summary>
    internal EntryChange? ReasonOf(byte[] path, EntryKind kind)
    {
        string text = Encoding.Latin1.GetString(path);
        return _failed.Contains(text) ? EntryChange.Failed
            : _pending.Contains(text) || (hasMore && kind == EntryKind.File) ? EntryChange.Pending : null;
    }
}
