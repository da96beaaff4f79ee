using System.Globalization;
using System.Text;
using Varve.Archives.Output;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Archives.Write;

/// <summary>The directory that archives are made in. Owns its descriptor. What is no archive of ours is never touched.</summary>
internal sealed class ArchiveDirectory : IDisposable
{
    private readonly SafeFd _file;

    private ArchiveDirectory(SafeFd file, string place) => (_file, Place) = (file, place);

    /// <summary>The open directory.</summary>
    internal int Fd => _file.Value;

    /// <summary>What messages call it.</summary>
    internal string Place { get; }

    /// <summary>Opens it, and removes what killed runs left in it.</summary>
    /// <exception cref="VarveException">NotFound, Storage.</exception>
    internal static ArchiveDirectory Open(byte[] path)
    {
        int errno = Posix.OpenAt(Posix.AT_FDCWD, path, Posix.O_RDONLY | Posix.O_DIRECTORY, out SafeFd file);
        if (errno != 0)
        {
            file.Close();
            throw new VarveException(errno == Errno.ENOENT ? ErrorKind.NotFound : ErrorKind.Storage, Subject.Path(path),
                $"cannot be opened: {Errno.Message(errno)}", Advice.CheckDirectory);
        }

        var directory = new ArchiveDirectory(file, PathText.Of(path));
        foreach (byte[] name in directory.Names())
        {
            if (name.AsSpan().StartsWith(".varve-archive-"u8)) { DurableFile.RemoveIfAbandoned(directory.Fd, name, Posix.EffectiveUser()); }
        }

        return directory;
    }

    /// <summary>The archives of a source that are there, the newest first.</summary>
    internal IReadOnlyList<EarlierArchive> Of(string source)
    {
        var found = new List<EarlierArchive>();
        var volumes = new Dictionary<string, List<EarlierArchive>>(StringComparer.Ordinal); // by stems of names
        foreach (byte[] name in Names())
        {
            if (!IsArchiveName(name) || EntryReader.OpenFile(Fd, name, out SafeFd file) != 0) { continue; }
            try
            {
                if (Posix.Stat(file.Value, out EntryStat stat) != 0 || stat.Kind != EntryKind.File) { continue; }
                if (CommentReader.Read(file.Value) is not { } comment || comment.Source != source) { continue; }
                bool tells = DateTimeOffset.TryParse(
                    comment.Made, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset made);
                var archive = new EarlierArchive([name], comment, tells ? made : stat.Mtime.ToDateTimeOffset());
                if (comment.Volume is not { } number || ArchiveName.StemOf(name, number) is not { } stem)
                {
                    found.Add(archive);
                    continue;
                }

                string key = Encoding.Latin1.GetString(stem);
                if (!volumes.TryGetValue(key, out List<EarlierArchive>? set)) { volumes[key] = set = []; }
                set.Add(archive);
            }
            finally { file.Close(); }
        }

        found.AddRange(volumes.Values.Select(Together));

        // Of two that are as old the name tells, which has the time.
        return [.. found.OrderByDescending(static a => a.Made).ThenByDescending(static a => PathText.Of(a.Names[0]), StringComparer.Ordinal)];
    }

    /// <summary>Removes an archive, or a volume of it, if it is still what it was.</summary>
    /// <returns>0 or an error number.</returns>
    internal int Remove(EarlierArchive archive, byte[] name)
    {
        int errno = EntryReader.OpenFile(Fd, name, out SafeFd file);
        if (errno != 0) { return errno; }
        bool isIt = CommentReader.Read(file.Value) is { } comment && comment.Source == archive.Comment.Source;
        file.Close();
        return isIt ? Posix.UnlinkAt(Fd, name) : Errno.ESTALE;
    }

    /// <summary>Makes names durable.</summary>
    /// <exception cref="VarveException">Storage.</exception>
    internal void Sync()
    {
        int errno = DurableFile.SyncDirectory(Fd);
        if (errno == 0) { return; }
        throw new VarveException(ErrorKind.Storage, Subject.Path(Place), $"cannot be made durable: {Errno.Message(errno)}",
            Advice.CheckDirectory);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Close();

    /// <summary>Volumes as one archive, which is whole if all are there up to the one that tells how many there are.</summary>
    private static EarlierArchive Together(List<EarlierArchive> volumes)
    {
        volumes.Sort(static (a, b) => a.Comment.Volume!.Value.CompareTo(b.Comment.Volume!.Value));
        EarlierArchive last = volumes[^1];
        bool isWhole = last.Comment.Volumes == volumes.Count && last.Comment.Volume == volumes.Count;
        for (int i = 0; i < volumes.Count && isWhole; i++) { isWhole = volumes[i].Comment.Volume == i + 1; }
        ArchiveComment comment = isWhole ? last.Comment : last.Comment with { Digest = null };
        return new EarlierArchive([.. volumes.Select(static v => v.Names[0])], comment, last.Made);
    }

    private static bool IsArchiveName(ReadOnlySpan<byte> name) => name.EndsWith(".zip"u8) || name.EndsWith(".tar"u8)
        || name.EndsWith(".tar.gz"u8) || name.EndsWith(".tar.zst"u8);

    private List<byte[]> Names()
    {
        var names = new List<byte[]>();
        var reader = new DirectoryReader();
        int errno = reader.Begin(Fd);
        while (errno == 0 && reader.Next(out ReadOnlySpan<byte> name, out _, out _, out errno)) { names.Add(name.ToArray()); }
        if (errno == 0) { return names; }
        throw new VarveException(ErrorKind.Storage, Subject.Path(Place), $"cannot be listed: {Errno.Message(errno)}", Advice.CheckDirectory);
    }
}
