using Varve.Model;
using Varve.Model.Snapshots;

namespace Varve.Tree;

/// <summary>
/// The final mark of a list of condemned packs (docs/format.md, 11.3): its prune may be past its last look, and delete whatever comes.
/// Writers and readers pass it over.
/// </summary>
/// <param name="List">The list.</param>
/// <param name="Session">The prune's session.</param>
internal sealed record FinalMark(ObjectName List, SessionId Session);
