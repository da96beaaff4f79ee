using Varve.Model;
using Varve.Model.Snapshots;

namespace Varve.Tree;

/// <summary>What an object below <c>fences/</c> says of one session (docs/format.md, 11.2).</summary>
/// <param name="Session">The session.</param>
/// <param name="Decided">Null for a fence. Of a decision, those of the session's snapshots that count.</param>
internal sealed record Fence(SessionId Session, IReadOnlyList<ObjectName>? Decided);
