using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Format;
using Varve.History.Import;
using Varve.History.Sources;
using Varve.Model;
using Varve.Model.Paths;
using Varve.Tree;
using Varve.Vault;
using Varve.Vault.Snapshots;

namespace Varve.History;

/// <summary>The sources of a repository; and what somebody says of one, for all who use the repository and from now on.</summary>
internal static class SourceNotes
{
    /// <summary>The path without symlinks; null if nothing is there.</summary>
    internal delegate byte[]? Resolve(ReadOnlySpan<byte> path);

    /// <summary>All sources, from the snapshots, which are all read; those that cannot be go to <paramref name="damaged"/>.</summary>
    /// <exception cref="VarveException">WrongKey without the full key.</exception>
    internal static IReadOnlyList<SourceHistory> All(Repository repository, Action<VarveException>? damaged = null)
    {
        repository.RequireFull("choosing by source");
        return SourceList.Of(repository.Snapshots(damaged), repository.SnapshotStore.Sources);
    }

    /// <summary>
    /// The catalog's rows of the sources that are meant: those of the catalog by what it knows, or else of the repository, which knows what
    /// they were before.
    /// </summary>
    /// <exception cref="VarveException">NotFound, with all sources there are.</exception>
    internal static IReadOnlyList<SourceRow> Rows(Repository repository, CatalogReader catalog, SourceFilter filter)
    {
        IReadOnlyList<(SourceInfo Info, SourceRow Row)> known = SourceList.Of(catalog, repository.SnapshotStore.Sources);
        try
        {
            // Who recorded what, only the snapshots tell.
            if (filter.Writer is null) { return [.. SourceChoice.Select(known, static k => k.Info, filter).Select(static k => k.Row)]; }
        }
        catch (VarveException e) when (e.Kind == ErrorKind.NotFound)
        {
            // The snapshots know what sources were before.
        }

        HashSet<Bytes32> meant = [.. SourceChoice.Select(All(repository), static h => h.Info, filter).Select(static h => h.Info.Uid)];
        return [.. known.Where(k => meant.Contains(k.Info.Uid)).Select(static k => k.Row)];
    }

    /// <summary>Gives a source another name.</summary>
    /// <exception cref="VarveException">NotFound, Usage: the source, or the name is taken on its host. WrongKey without the full
    /// key.</exception>
    internal static SourceInfo Rename(Repository repository, SourceFilter filter, string name)
    {
        repository.RequireWritable();
        IReadOnlyList<SourceHistory> all = All(repository);
        SourceInfo info = SourceChoice.One(all, new SnapshotQuery { Source = filter.Source, Host = filter.Host, Writer = filter.Writer },
            repository.Options.Host.Name, repository.Writer).Info;
        if (info.Name == name) { return info; }
        SourceInfo[] taken = [.. all.Select(static h => h.Info).Where(o => o.Name == name && o.Host == info.Host)];
        if (taken.Length > 0)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request($"'{name}'"), "is the name of another source of that host",
                Advice.ChooseName)
            { Sources = taken };
        }

        repository.Notes.Put(new Note
        {
            Kind = NoteKind.Naming, Lineage = info.Lineage, At = Now(repository, info.Lineage),
            Private = new NotePrivate { Name = name, FormerName = info.Name, Host = info.Host, Root = info.Root },
        });
        return Present(repository, info.Lineage);
    }

    /// <summary>
    /// Makes another source's history that of the source with a root on a host: this one's, unless another is named; at the root that it
    /// has, unless another is. Neither may be being backed up on this machine. What another key recorded is taken over as it is now:
    /// whoever has that key can add to its own history only, unless <paramref name="laterToo"/>.
    /// </summary>
    /// <exception cref="VarveException">NotFound, Usage: the source; it is that one already; or nobody signed it and what comes later is
    /// wanted too. Busy. WrongKey without the full key.</exception>
    internal static SourceInfo Adopt(Repository repository, SourceFilter filter, byte[]? root, string? newHost, string? newWriter,
        bool laterToo, Resolve resolve)
    {
        repository.RequireWritable();
        string here = newHost ?? repository.Options.Host.Name;
        IReadOnlyList<SourceHistory> all = All(repository);
        byte[]? place = root is null ? null : Place(root, [.. all.Select(static h => h.Info)], resolve);
        IReadOnlyList<SourceInfo> some = [.. SourceChoice.Select(all, static h => h.Info, filter).Select(static h => h.Info)];
        Bytes32 writer = newWriter is null ? repository.OwnLineage(default).Writer : SourceChoice.Writer(all, newWriter);
        SourceInfo other = Other(repository, some, place, here, writer);
        byte[] canonical = place ?? other.Root;
        var own = new Lineage(repository.SourceId(here, canonical), writer);
        Bytes32 head = repository.SnapshotStore.Sources.Of(own);
        using SourceLock first = SourceLock.Take(repository.Cache, head, canonical);
        using SourceLock second = SourceLock.Take(repository.Cache, other.Uid, other.Root);
        bool isSigned = !other.Lineage.Writer.IsZero && other.Lineage.Writer != Lineage.NoWriter;
        if (laterToo && !isSigned)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request($"'{other.Name}'"),
                "is signed by nobody: what is added to it later, anybody with a key may have added");
        }

        // What this writer recorded itself it could record here as well; what others did, and may add to, is taken over by name.
        bool isJoined = isSigned && (laterToo || other.Lineage.Writer == writer);
        repository.Notes.PutSplit(new Note
        {
            Kind = NoteKind.Adoption, Lineage = own, At = Now(repository, own), Continues = isJoined ? [other.Lineage] : [],
            Snapshots = isJoined ? [] : [.. all.First(h => h.Info.Uid == other.Uid).Snapshots.Select(static s => s.Name)],
            Private = new NotePrivate { Host = here, Root = canonical },
        });
        return Present(repository, own);
    }

    /// <summary>
    /// Takes back the last adoption by a source's history: what it took over is a history of its own again. What was recorded since stays
    /// with who recorded it. It may not be being backed up on this machine.
    /// </summary>
    /// <exception cref="VarveException">NotFound, Usage: the source; or it has taken over nothing. Busy. WrongKey without the full
    /// key.</exception>
    internal static SourceInfo TakeBack(Repository repository, SourceFilter filter)
    {
        repository.RequireWritable();
        SourceHistory before = SourceChoice.One(All(repository), new SnapshotQuery
        {
            Source = filter.Source, Host = filter.Host, Writer = filter.Writer,
        }, repository.Options.Host.Name, repository.Writer);
        SourceInfo info = before.Info;
        using SourceLock held = SourceLock.Take(repository.Cache, info.Uid, info.Root);
        LineageMap sources = repository.SnapshotStore.Refresh();
        SignedNote[] adoptions = [.. repository.SnapshotStore.Notes.Adoptions.Where(n => sources.Of(n.Note.Lineage) == info.Uid)];
        if (adoptions.Length == 0)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request($"the source '{info.Name}'"), "has taken over nothing",
                Advice.ListSources);
        }

        Note last = adoptions[^1].Note;
        // A history of many snapshots is adopted by several notes of one time.
        SignedNote[] taken = [.. adoptions.Where(n => n.Note.At == last.At && n.Note.Lineage == last.Lineage)];
        HashSet<ObjectName> named = [.. taken.SelectMany(static n => n.Note.Snapshots)];
        repository.Notes.PutSplit(new Note
        {
            Kind = NoteKind.Withdrawal, At = Now(repository, last.Lineage), Withdrawn = [.. taken.Select(static n => n.Name)],
            // No reader needs them; they tell which a catalog may have in the wrong place.
            Snapshots = [.. before.Snapshots.Where(s => named.Contains(s.Name) || s.Snapshot.Lineage != last.Lineage)
                .Select(static s => s.Name)],
        });
        IReadOnlyList<SourceHistory> all = All(repository);
        sources = repository.SnapshotStore.Sources;
        return (all.FirstOrDefault(h => last.Continues.Any(l => sources.Of(l) == h.Info.Uid)
            || h.Snapshots.Any(s => named.Contains(s.Name))) ?? all.First(h => h.Info.Uid == info.Uid)).Info;
    }

    /// <summary>What is there, or what a source stands for: all else is mistyped.</summary>
    private static byte[] Place(byte[] root, IReadOnlyList<SourceInfo> all, Resolve resolve)
    {
        byte[] place = CanonicalPaths.Normalize(root, "the root");
        if (resolve(root) is { } real) { return real; }
        return all.Any(i => i.Root.AsSpan().SequenceEqual(place)) ? place
            : throw new VarveException(ErrorKind.NotFound, Subject.Request(PathText.Of(root)), "does not exist", Advice.CheckPath);
    }

    private static SourceInfo Other(Repository repository, IReadOnlyList<SourceInfo> some, byte[]? place, string here, Bytes32 writer)
    {
        SourceInfo[] others = [.. some.Where(i =>
            i.Uid != repository.SnapshotStore.Sources.Of(new Lineage(repository.SourceId(here, place ?? i.Root), writer)))];
        if (others.Length == 1) { return others[0]; }
        throw new VarveException(ErrorKind.Usage, Subject.Request("the source to go on with"),
            others.Length == 0 ? "is at that root already" : $"may be one of {others.Length}",
            others.Length == 0 ? Advice.ListSources : Advice.NameSourceId)
        { Sources = others.Length == 0 ? some : others };
    }

    private static SourceInfo Present(Repository repository, Lineage lineage)
    {
        IReadOnlyList<SourceHistory> all = All(repository);
        return all.First(h => h.Info.Uid == repository.SnapshotStore.Sources.Of(lineage)).Info;
    }

    /// <summary>
    /// Now, or right after what was said last of the history: whatever the clock shows, what is said now holds. What others say of theirs
    /// moves nothing.
    /// </summary>
    private static FileTime Now(Repository repository, Lineage lineage)
    {
        FileTime now = FileTime.From(repository.Options.Time.GetUtcNow());
        LineageMap sources = repository.SnapshotStore.Refresh();
        Note? last = sources.Notes.LastOrDefault(n => sources.Of(n.Lineage) == sources.Of(lineage));
        return last is null || last.At < now ? now : last.At.Plus(1);
    }
}
