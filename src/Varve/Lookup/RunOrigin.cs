using Varve.Model;
using Varve.Model.Snapshots;

namespace Varve.Lookup;

/// <summary>
/// An index run of the repository, as the tables that are made of it remember it: who signed it, in which session it was made, and which
/// runs it supersedes. A table that was merged has several. Immutable.
/// </summary>
/// <param name="Run">Its object name.</param>
internal sealed record RunOrigin(ObjectName Run)
{
    /// <summary>What its signature came to when it was fetched.</summary>
    internal SignatureState Signature { get; init; }

    /// <summary>The id of who signed; none unless the signature is valid.</summary>
    internal Bytes32 Signer { get; init; }

    /// <summary>The level of who signed; null unless the signature is valid.</summary>
    internal KeyLevel? Level { get; init; }

    /// <summary>The session it was made in; none for a run of an old writer.</summary>
    internal SessionId Session { get; init; }

    /// <summary>The runs it says that it supersedes, whether it may or not.</summary>
    internal ObjectName[] Superseded { get; init; } = [];

    /// <summary>Whether a full key signed it.</summary>
    internal bool IsFull => Signature == SignatureState.Valid && Level == KeyLevel.Full;
}
