using Varve.Archives.Feed;
using Varve.Archives.Sources;
using Varve.History.Content;

namespace Varve.Archives.Write;

/// <summary>Where an archive comes from: a live tree, or what a snapshot has. Owns its tree.</summary>
internal sealed class ArchiveSource(ArchiveTree tree) : IDisposable
{
    /// <summary>What is archived.</summary>
    internal ArchiveTree Tree => tree;

    /// <summary>The machine that it is of.</summary>
    internal required string Host { get; init; }

    /// <summary>The snapshot, or null.</summary>
    internal string? Snapshot { get; init; }

    /// <summary>Reads files of a snapshot; null for a live tree. Called for each thread.</summary>
    internal Func<ContentReader>? Content { get; init; }

    /// <summary>Goes through it and makes the jobs.</summary>
    internal required Action<FeedRules, ExactReader, Action<ArchiveJob, long>, Action<Failure>> Feed { get; init; }

    /// <inheritdoc/>
    public void Dispose() => tree.Dispose();
}
