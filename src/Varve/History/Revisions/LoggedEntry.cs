using Varve.History.Differences;
using Varve.Model.Snapshots;

namespace Varve.History.Revisions;

/// <summary>What a backup saw of an entry. One of the three is there. Immutable.</summary>
/// <param name="Difference">What became of it since the snapshot before.</param>
/// <param name="Failure">How it could not be saved, or not wholly.</param>
/// <param name="LeftOut">Why it was left out on purpose.</param>
internal sealed record LoggedEntry(Difference? Difference = null, Failure? Failure = null, LeftOutEntry? LeftOut = null)
{
    /// <summary>Its path, relative to the root, bytes.</summary>
    internal byte[] Path => Difference?.Path ?? Failure?.Path ?? LeftOut!.Path;
}
