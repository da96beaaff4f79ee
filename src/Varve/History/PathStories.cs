using Varve.Freeze;
using Varve.History.Differences;
using Varve.History.Entries;
using Varve.History.Revisions;
using Varve.History.Sources;
using Varve.Model;
using Varve.Model.Snapshots;
using Varve.Platform;
using Varve.Vault;

namespace Varve.History;

/// <summary>Says of a path whether it was saved, and why not.</summary>
internal static class PathStories
{
    /// <summary>
    /// How it stands with an absolute path, by the latest snapshot of the source that it lies in, the deepest, and by what is there now if
    /// that is a source of this host. It need not exist, nor ever have.
    /// </summary>
    /// <exception cref="VarveException">NotFound: no source of that name, host or writer. Usage: it may lie in several. Damaged. WrongKey
    /// without the full key.</exception>
    public static PathStory Run(Repository repository, byte[] path, SourceFilter filter, CancellationToken cancellationToken)
    {
        repository.RequireFull("telling why");
        byte[] absolute = PathInSource.Absolute(path);
        if (Find(repository, absolute, filter) is not { } source) { return new PathStory(absolute, PathState.NoSource); }
        byte[] below = PathInSource.Relative(absolute, source.Info.Root);
        bool isHere = source.Info.Host == repository.Options.Host.Name;
        EntryStat stat = default;
        EntryStat? now = isHere && Posix.StatAt(Posix.AT_FDCWD, absolute, out stat) == 0 ? stat : null;
        var only = new SourceFilter { Source = source.Info.Id };
        PathStory story = Of(repository, source, absolute, below, now, isHere) with
        {
            Source = source.Info,
            Latest = source.Latest,
            Revision = LastOf(repository, absolute, only, cancellationToken),
            IsUnstable = UnstableFiles.List(repository, only, cancellationToken).Any(u => u.Path.AsSpan().SequenceEqual(below)),
        };
        return story.State == PathState.Unknown && story.Revision is not null ? story with { State = PathState.Gone } : story;
    }

    private static SourceHistory? Find(Repository repository, byte[] path, SourceFilter filter)
    {
        IReadOnlyList<SourceHistory> all = SourceNotes.All(repository);
        IReadOnlyList<SourceHistory> some = SourceChoice.Select(all, static h => h.Info, filter);
        if (!some.Any(h => Paths.IsAtOrBelow(path, h.Info.Root))) { return null; }
        var query = new SnapshotQuery { Path = path, Source = filter.Source, Host = filter.Host, Writer = filter.Writer };
        return SourceChoice.One(all, query, repository.Options.Host.Name, repository.Writer);
    }

    private static PathStory Of(Repository repository, SourceHistory source, byte[] path, byte[] below, EntryStat? now, bool isHere)
    {
        LeftOut left = LeftOut.Of(repository.MetaChunks.Read, source.Latest.Snapshot);
        LeftOutCause? cause = left.Find(below, now is null || now.Value.Kind == EntryKind.Directory, out _);
        if (TryFind(repository, source.Latest, below) is { } saved)
        {
            // What failed of it, or was not entered, is at this very path; of what lies above it, it is there all the same.
            bool isOwn = cause is not null && cause.Path.AsSpan().SequenceEqual(below);
            if (isOwn) { return new PathStory(path, StateOf(cause!)) { Cause = cause }; }
            return new PathStory(path, now is { } there ? IsAsItWas(saved, there) ? PathState.Saved : PathState.Changed
                : isHere ? PathState.Deleted : PathState.Saved);
        }

        if (cause is not null) { return new PathStory(path, StateOf(cause)) { Cause = cause }; }
        if (now is not { } present) { return new PathStory(path, PathState.Unknown); }
        // It came later, and the next backup will leave it out.
        return left.RuleFor(below, present.Kind == EntryKind.Directory) is { } rule
            ? new PathStory(path, PathState.LeftOut) { Cause = new LeftOutCause(below, LeftOutReason.Excluded, rule) }
            : new PathStory(path, PathState.New);
    }

    private static PathState StateOf(LeftOutCause cause) => cause.Reason switch
    {
        LeftOutReason.Failed => PathState.Failed,
        LeftOutReason.Pending => PathState.Pending,
        _ => PathState.LeftOut,
    };

    private static bool IsAsItWas(FoundEntry saved, EntryStat now) => new LiveEntry(content: null).IsAsItWas(in saved.Stat, in now);

    private static FoundEntry? TryFind(Repository repository, SnapshotInfo snapshot, byte[] below)
    {
        try { return SnapshotPaths.Find(repository.MetaChunks.Read, snapshot, below); }
        catch (VarveException e) when (e.Kind == ErrorKind.NotFound && e.Subject.Kind == SubjectKind.Snapshot) { return null; }
    }

    private static FoundRevision? LastOf(Repository repository, byte[] path, SourceFilter source, CancellationToken cancellationToken)
    {
        try { return EntryHistories.Run(repository, path, source, contentOnly: false, copies: false, cancellationToken)[^1].Revision; }
        catch (VarveException e) when (e.Kind == ErrorKind.NotFound) { return null; }
    }
}
