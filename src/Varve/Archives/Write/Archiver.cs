using System.Security.Cryptography;
using System.Text;
using Varve.Archives.Output;
using Varve.Archives.Sources;
using Varve.Format;
using Varve.Model;
using Varve.Platform;
using Varve.Vault;
using Varve.Vault.Snapshots;

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
        EarlierArchive? last = earlier.FirstOrDefault(a => a.Names[0].AsSpan().EndsWith(Encoding.ASCII.GetBytes(ending)));
        if (!options.Force && digest is not null && last?.Comment.Digest == digest)
        {
            return new ArchiveResult
            {
                Path = PathOf(options, last.Names[0]), IsUnchanged = true, Digest = digest, Removed = Remove(options, to, earlier, 0),
                Elapsed = options.Time.GetElapsedTime(began),
            };
        }

        byte[] name = source.Tree.Roots[0].Name is { Length: > 0 } own ? own : "root"u8.ToArray();
        using var run = new ArchiveRun(options, source, monitor);
        using var files = new ArchiveVolumes(options, to, (volume, isLast) =>
        {
            var comment = new ArchiveComment
            {
                Source = id, Host = options.Reproducible ? null : source.Host, Snapshot = options.Reproducible ? null : source.Snapshot,
                Paths = options.Reproducible ? [] : [.. source.Tree.Roots.Select(static r => PathText.Of(r.Path))],
                Made = options.Reproducible ? null : Rfc3339.Of(now), Volume = volume,
            };
            return isLast ? Complete(comment, run.Tally, digest) : comment;
        });
        run.Write(files, cancelled);
        Gate.Pass(Gate.ArchiveWhole);
        List<ArchiveVolume> volumes = Publish(options, to, files, name, now);
        ArchiveTally end = run.Tally;
        return end.Result(volumes[0].Path, end.IsWhole ? digest : null) with
        {
            ArchiveBytes = volumes.Sum(static v => v.Bytes),
            Volumes = options.VolumeSize is null ? [] : volumes,
            Removed = end.IsWhole ? Remove(options, to, earlier, 1) : [],
            Elapsed = options.Time.GetElapsedTime(began),
        };
    }

    /// <summary>What is known only when everything is written.</summary>
    private static ArchiveComment Complete(ArchiveComment comment, ArchiveTally tally, string? digest)
    {
        byte[][] failed = [.. tally.Failures.First.Select(static f => f.Path)];
        return comment with
        {
            Volumes = comment.Volume,
            Digest = tally.IsWhole ? digest : null,
            Torn = tally.Torn.First,
            TornCount = tally.Torn.Count,
            Failed = failed,
            FailedCount = tally.Failures.Count,
        };
    }

    /// <summary>Gives the files their names, the last volume's last: without that the others are no archive.</summary>
    private static List<ArchiveVolume> Publish(ArchiveOptions options, ArchiveDirectory to, ArchiveVolumes files, byte[] name,
        DateTimeOffset now)
    {
        var named = new List<ArchiveVolume>();
        try
        {
            for (int i = 0; i < files.Files.Count; i++)
            {
                byte[] archive = ArchiveName.Of(options, name, now, options.VolumeSize is null ? null : i + 1);
                files.Files[i].Publish(archive);
                named.Add(files.Volumes[i] with { Path = archive });
            }
        }
        catch
        {
            for (int i = named.Count - 1; i >= 0; i--) { files.Files[i].Retract(named[i].Path); }
            throw;
        }

        to.Sync();
        return named.ConvertAll(v => v with { Path = PathOf(options, v.Path) });
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

            // The last volume goes first: without it the others are no archive.
            foreach (byte[] name in archive.Names.Reverse())
            {
                int errno = to.Remove(archive, name);
                if (errno == 0) { removed.Add(name); }
                else { options.Note(new Notice(Subject.Path(PathOf(options, name)), $"cannot be removed: {Errno.Message(errno)}")); }
            }
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
