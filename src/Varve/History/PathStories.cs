using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Freeze;
using Varve.History.Differences;
using Varve.History.Entries;
using Varve.History.Import;
using Varve.History.Revisions;
using Varve.History.Sources;
using Varve.Model;
using Varve.Model.Snapshots;
using Varve.Platform;
using Varve.Vault;
using Varve.Vault.Snapshots;

namespace Varve.History;

/// <summary>
/// Says of paths whether they were saved, and why not, with one look at the snapshots and the catalog for all. Not thread-safe.
/// </summary>
internal sealed class PathStories : IDisposable
{
    private readonly Repository _repository;
    private readonly SourceFilter _filter;
    private readonly CancellationToken _cancelled;
    private readonly IReadOnlyList<SourceHistory> _all, _meant;
    private readonly CatalogFile _file;
    private readonly CatalogReader _catalog;

    private PathStories(Repository repository, SourceFilter filter, CancellationToken cancelled)
    {
        (_repository, _filter, _cancelled) = (repository, filter, cancelled);
        _all = SourceNotes.All(repository);
        _meant = SourceChoice.Select(_all, static h => h.Info, filter);
        MeantHistory[] histories = [.. _meant.Select(static h => new MeantHistory(h.Info.Uid, h.Info.Lineage))];
        _file = CatalogAccess.Of(repository).OpenCurrent(histories, cancelled);
        _catalog = _file.OpenReader(cancelled);
    }

    /// <summary>Gets ready to say it of paths in the sources that are meant; the catalog is brought up to date with these.</summary>
    /// <exception cref="VarveException">NotFound: no source of that name, host or writer. WrongKey without the full key.</exception>
    internal static PathStories Open(Repository repository, SourceFilter filter, CancellationToken cancelled)
    {
        repository.RequireFull("telling why");
        return new PathStories(repository, filter, cancelled);
    }

    /// <summary>
    /// How it stands with an absolute path, by the latest snapshot of the source that it lies in, the deepest, and by what is there now if
    /// that is a source of this host. It need not exist, nor ever have.
    /// </summary>
    /// <exception cref="VarveException">Usage: it may lie in several sources. Damaged.</exception>
    internal PathStory Of(byte[] path)
    {
        byte[] absolute = PathInSource.Absolute(path);
        if (Find(absolute) is not { } source) { return new PathStory(absolute, PathState.NoSource); }
        byte[] below = PathInSource.Relative(absolute, source.Info.Root);
        bool isHere = source.Info.Host == _repository.Options.Host.Name;
        EntryStat stat = default;
        EntryStat? now = isHere && Posix.StatAt(Posix.AT_FDCWD, absolute, out stat) == 0 ? stat : null;
        SourceRow? row = _catalog.TryGetSource(source.Info.Uid);
        PathStory story = Of(source, absolute, below, now, isHere) with
        {
            Source = source.Info,
            Latest = source.Latest,
            Revision = row is null ? null : LastOf(row, absolute),
            IsUnstable = row is not null && UnstableFiles.Has(_catalog, row, below),
        };
        return story.State == PathState.Unknown && story.Revision is not null ? story with { State = PathState.Gone } : story;
    }

    /// <inheritdoc/>
    public void Dispose() => _catalog.Dispose();

    private SourceHistory? Find(byte[] path)
    {
        if (!_meant.Any(h => Paths.IsAtOrBelow(path, h.Info.Root))) { return null; }
        var query = new SnapshotQuery { Path = path, Source = _filter.Source, Host = _filter.Host, Writer = _filter.Writer };
        return SourceChoice.One(_all, query, _repository.Options.Host.Name, _repository.Writer);
    }

    private PathStory Of(SourceHistory source, byte[] path, byte[] below, EntryStat? now, bool isHere)
    {
        LeftOut left = LeftOut.Of(_repository.MetaChunks.Read, source.Latest.Snapshot);
        LeftOutCause? cause = left.Find(below, now is null || now.Value.Kind == EntryKind.Directory, out _);
        if (TryFind(source.Latest, below) is { } saved)
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

    private FoundEntry? TryFind(SnapshotInfo snapshot, byte[] below)
    {
        try { return SnapshotPaths.Find(_repository.MetaChunks.Read, snapshot, below); }
        catch (VarveException e) when (e.Kind == ErrorKind.NotFound && e.Subject.Kind == SubjectKind.Snapshot) { return null; }
    }

    private FoundRevision? LastOf(SourceRow source, byte[] path)
    {
        try { return EntryHistories.Find(_file, _catalog, [source], path, contentOnly: false, copies: false, _cancelled)[^1].Revision; }
        catch (VarveException e) when (e.Kind == ErrorKind.NotFound) { return null; }
    }
}
