using System.Globalization;
using Varve.Archives.Feed;
using Varve.Archives.Sources;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;
using Varve.Walk;

namespace Varve.Archives.Write;

/// <summary>Opens live paths to be archived. Stateless.</summary>
internal static class LiveSource
{
    /// <summary>Opens and lists them; what cannot be listed is data in the tree.</summary>
    /// <exception cref="VarveException">NotFound, Storage, Usage: a path, or two that have one name.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal static ArchiveSource Open(ArchiveOptions options, ArchiveDirectory to, CancellationToken cancelled)
    {
        var roots = new List<ArchiveRoot>();
        var tree = new ArchiveTree(roots);
        try
        {
            foreach (byte[] path in options.Paths) { roots.Add(OpenRoot(path)); }
            roots.Sort(static (a, b) => a.Name.AsSpan().SequenceCompareTo(b.Name));
            for (int i = 1; i < roots.Count; i++)
            {
                if (!roots[i].Name.AsSpan().SequenceEqual(roots[i - 1].Name) && roots[0].Name.Length > 0) { continue; }
                throw new VarveException(ErrorKind.Usage, Subject.Path(roots[i].Path),
                    $"would have the same name in the archive as {PathText.Of(roots[i - 1].Path)}");
            }

            // By its descriptor too, since its name need not be text.
            string open = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{to.Fd}");
            const string Why = "archives are made in it";
            LiveSurvey.Run(tree, options.Walk, [(open, Why), (to.Place, Why)], options.Threads, options.Time, cancelled);
            return new ArchiveSource(tree)
            {
                Host = options.Host,
                Feed = (rules, reader, put, skipped) => new LiveFeed(tree, rules, reader, put, skipped).Run(cancelled),
            };
        }
        catch
        {
            tree.Dispose();
            throw;
        }
    }

    private static ArchiveRoot OpenRoot(byte[] path)
    {
        int errno = Posix.OpenAt(Posix.AT_FDCWD, path, Posix.O_PATH, out SafeFd held);
        byte[]? real = null;
        if (errno == 0) { errno = EntryReader.ReadRealPath(held.Value, out real); }
        EntryStat stat = default;
        if (errno == 0) { errno = Posix.Stat(held.Value, out stat); }
        held.Close();
        if (errno != 0) { throw Failed(path, errno); }
        if (stat.Kind is not (EntryKind.Directory or EntryKind.File))
        {
            throw new VarveException(ErrorKind.Usage, Subject.Path(path), "is neither a directory nor a regular file");
        }

        bool isFile = stat.Kind == EntryKind.File;
        int slash = real.AsSpan().LastIndexOf((byte)'/');
        ReadOnlySpan<byte> place = !isFile ? real : slash == 0 ? "/"u8 : real.AsSpan(0, slash);
        DirectoryHandle handle = DirectoryHandle.Open(place, out errno) ?? throw Failed(path, errno);
        byte[] name = real![(slash + 1)..];
        return new ArchiveRoot
        {
            Path = real, Name = name, Handle = handle, Stat = isFile ? stat : handle.Stat, Node = isFile ? null : new ArchiveNode(null, name),
        };
    }

    private static VarveException Failed(byte[] path, int errno) => new(
        errno is Errno.ENOENT or Errno.ENOTDIR ? ErrorKind.NotFound : ErrorKind.Storage, Subject.Path(path),
        errno == Errno.ENOENT ? "does not exist" : $"cannot be opened: {Errno.Message(errno)}", Advice.CheckPath);
}
