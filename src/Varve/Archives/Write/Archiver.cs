using System.Security.Cryptography;
using System.Text;
using Varve.Archives.Output;
using Varve.Archives.Sources;
using Varve.Format;
using Varve.Model;
using Varve.Platform;
using Varve.Vault;

namespace Varve.Archives.Write;

/// <summary>
/// Makes an archive: list -> compare digests -> read and compress -> make durable -> name -> remove older ones, in this order. The archive
/// has its name when it is whole and durable, and what is removed is removed after that. Stateless.
/// </summary>
internal static class Archiver
{
    /// <summary>Archives live paths.</summary>
    /// <exception cref="VarveException">NotFound, Usage: a path, a rule, the template. Storage: the archive cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is left.</exception>
    internal static ArchiveResult Run(ArchiveOptions options, ArchiveMonitor monitor, CancellationToken cancelled)
    {
        using ArchiveDirectory to = Open(options);
        using ArchiveSource source = LiveSource.Open(options, to, cancelled);
        return Run(options, to, source, monitor, cancelled);
    }

    /// <summary>Archives what a snapshot has at a path.</summary>
    /// <inheritdoc cref="Run(ArchiveOptions, ArchiveMonitor, CancellationToken)"/>
    internal static ArchiveResult Run(Repository repository, ChosenSnapshot chosen, ArchiveOptions options, ArchiveMonitor monitor,
        CancellationToken cancelled)
    {
        using ArchiveDirectory to = Open(options);
        using ArchiveSource source = StoredSource.Open(repository, chosen, cancelled);
        return Run(options, to, source, monitor, cancelled);
    }

    private static ArchiveDirectory Open(ArchiveOptions options) => ArchiveName.IsTemplate(options.Template)
        ? ArchiveDirectory.Open(options.To)
        : throw new VarveException(ErrorKind.Usage, Subject.Request(PathText.Of(options.Template)),
            $"is no template of a name: it must have {ArchiveName.Time}, no slash, and no dot at its beginning");

    private static ArchiveResult Run(ArchiveOptions options, ArchiveDirectory to, ArchiveSource source, ArchiveMonitor monitor,
        CancellationToken cancelled)
    {
        long began = options.Time.GetTimestamp();
        DateTimeOffset now = options.Time.GetUtcNow();
        string id = IdOf(options, source);
        string? digest = source.Tree.Digest();
        IReadOnlyList<EarlierArchive> earlier = to.Of(id);
        string ending = ArchiveName.Ending(options.Format);
        EarlierArchive? last = earlier.FirstOrDefault(a => a.Name.AsSpan().EndsWith(Encoding.ASCII.GetBytes(ending)));
        if (!options.Force && digest is not null && last?.Comment.Digest == digest)
        {
            return new ArchiveResult
            {
                Path = PathOf(options, last.Name), IsUnchanged = true, Digest = digest, Removed = Remove(options, to, earlier, 0),
                Elapsed = options.Time.GetElapsedTime(began),
            };
        }

        byte[] name = source.Tree.Roots[0].Name is { Length: > 0 } own ? own : "root"u8.ToArray();
        byte[] archive = ArchiveName.Of(options, name, now);
        using OutputFile output = OutputFile.Create(to.Fd, to.Place);
        using var run = new ArchiveRun(options, source, monitor);
        run.Write(output, tally => new ArchiveComment
        {
            Source = id, Host = options.Reproducible ? null : source.Host, Snapshot = options.Reproducible ? null : source.Snapshot,
            Paths = options.Reproducible ? [] : [.. source.Tree.Roots.Select(static r => PathText.Of(r.Path))],
            Made = options.Reproducible ? null : Rfc3339.Of(now), Digest = tally.IsWhole ? digest : null,
            Torn = tally.Torn.First, TornCount = tally.Torn.Count,
            Failed = [.. tally.Failures.First.Select(static f => f.Path)], FailedCount = tally.Failures.Count,
        }, cancelled);
        output.Sync();
        Gate.Pass(Gate.ArchiveWhole);
        output.Publish(archive);
        to.Sync();
        ArchiveTally end = run.Tally;
        return end.Result(PathOf(options, archive), end.IsWhole ? digest : null) with
        {
            ArchiveBytes = output.Position,
            Removed = end.IsWhole ? Remove(options, to, earlier, 1) : [],
            Elapsed = options.Time.GetElapsedTime(began),
        };
    }

    /// <summary>
    /// Removes what is older than the archives that stay, <paramref name="made"/> of which was made just now. Of those that have not all of
    /// a tree none counts as one that stays.
    /// </summary>
    private static List<byte[]> Remove(ArchiveOptions options, ArchiveDirectory to, IReadOnlyList<EarlierArchive> earlier, int made)
    {
        var removed = new List<byte[]>();
        if (options.Keep is not { } keep) { return removed; }
        int kept = made;
        foreach (EarlierArchive archive in earlier)
        {
            if (kept < keep)
            {
                if (archive.Comment.Digest is not null) { kept++; }
                continue;
            }

            int errno = to.Remove(archive);
            if (errno == 0) { removed.Add(archive.Name); }
            else { options.Note(new Notice(Subject.Path(PathOf(options, archive.Name)), $"cannot be removed: {Errno.Message(errno)}")); }
        }

        if (removed.Count > 0) { to.Sync(); }
        return removed;
    }

    private static byte[] PathOf(ArchiveOptions options, byte[] name) => [.. options.To.AsSpan().TrimEnd((byte)'/'), (byte)'/', .. name];

    /// <summary>
    /// What tells archives of one source from those of others: host and paths; where neither is to be told, the names in the archive.
    /// </summary>
    private static string IdOf(ArchiveOptions options, ArchiveSource source)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(options.Reproducible ? "names"u8 : "paths"u8);
        if (!options.Reproducible) { Append(Encoding.UTF8.GetBytes(source.Host)); }
        foreach (ArchiveRoot root in source.Tree.Roots) { Append(options.Reproducible ? root.Name : root.Path); }
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Append(byte[] bytes)
        {
            hash.AppendData([0]); // which no path and no name has
            hash.AppendData(bytes);
        }
    }
}
