using Varve.Backup.Run;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;
using Varve.Walk;

namespace Varve.Backup.Sources;

/// <summary>
/// A place a source is read from: its path with symlinks resolved, the open directory above it, and its stat. Owns the handle of the
/// directory above.
/// </summary>
internal sealed class SourceRoot : IDisposable
{
    /// <summary>The root's stat.</summary>
    internal EntryStat Stat;

    private SourceRoot(byte[] path, byte[] name, DirectoryHandle parent)
    {
        RealPath = path;
        Name = name;
        Parent = parent;
    }

    /// <summary>Absolute, without symlinks.</summary>
    internal byte[] RealPath { get; }

    /// <summary>Its name in <see cref="Parent"/>; <c>.</c> for the root directory of the system.</summary>
    internal byte[] Name { get; }

    /// <summary>The directory above; for <c>/</c> that directory itself.</summary>
    internal DirectoryHandle Parent { get; }

    /// <summary>Resolves and opens a root; what is mounted somewhere may be <paramref name="special"/>, a socket or device.</summary>
    /// <exception cref="VarveException">NotFound or Storage, naming the path.</exception>
    internal static SourceRoot Open(ReadOnlySpan<byte> path, bool special = false)
    {
        byte[] real = Resolve(path);
        int slash = real.AsSpan().LastIndexOf((byte)'/');
        byte[] name = real.Length == 1 ? "."u8.ToArray() : real[(slash + 1)..];
        DirectoryHandle? above = DirectoryHandle.Open(slash <= 0 ? "/"u8 : real.AsSpan(0, slash), out int errno);
        if (above is null) { throw RootFailure.Of(path, errno); }
        var root = new SourceRoot(real, name, above);
        errno = Posix.StatAt(Posix.AT_FDCWD, real, out root.Stat);
        if (errno != 0)
        {
            root.Dispose();
            throw RootFailure.Of(path, errno);
        }

        if (special || root.Stat.Kind is EntryKind.Directory or EntryKind.File) { return root; }
        root.Dispose();
        throw new VarveException(ErrorKind.Usage, Subject.Source(path), "it is neither a directory nor a regular file",
            Advice.NameDirectory);
    }

    /// <summary>
    /// A file that is nowhere: its content comes from a program. It is known by the path that it is recorded under, and is its user's
    /// alone.
    /// </summary>
    internal static SourceRoot StandIn(byte[] path)
    {
        DirectoryHandle above = DirectoryHandle.Open("/"u8, out int errno) ?? throw RootFailure.Of("/"u8, errno);
        return new SourceRoot(path, path[(path.AsSpan().LastIndexOf((byte)'/') + 1)..], above)
        {
            Stat = new EntryStat
            {
                Kind = EntryKind.File, Mode = Modes.PrivateFile, Links = 1, Uid = Posix.EffectiveUser(), Gid = Posix.EffectiveGroup(),
            },
        };
    }

    private static byte[] Resolve(ReadOnlySpan<byte> path) => TryResolve(path, out int errno) ?? throw RootFailure.Of(path, errno);

    /// <summary>The absolute path without symlinks, as the kernel tells it of an open file; null if it cannot be opened.</summary>
    internal static byte[]? TryResolve(ReadOnlySpan<byte> path) => TryResolve(path, out _);

    private static byte[]? TryResolve(ReadOnlySpan<byte> path, out int errno)
    {
        errno = Posix.OpenAt(Posix.AT_FDCWD, path, Posix.O_PATH, out SafeFd file);
        if (errno != 0) { return null; }
        errno = EntryReader.ReadRealPath(file.Value, out byte[]? real);
        file.Close();
        return real;
    }

    /// <summary>The root itself, if it is a directory.</summary>
    internal DirectoryHandle OpenDirectory() => DirectoryHandle.Open(RealPath, out int errno) ?? throw RootFailure.Of(RealPath, errno);

    /// <summary>What its file system is recognised by; null if nothing tells. And whether there is nothing in it.</summary>
    internal string? FileSystem(out bool isEmpty)
    {
        DirectoryHandle here = OpenHere();
        try
        {
            var entries = new EntryTable();
            var listed = new EverythingListed();
            isEmpty = Stat.Kind == EntryKind.Directory && new DirectoryLister().List(here, entries, listed) == 0
                && entries.Count == 0 && !listed.HasMissed;
            return FileSystemId.Of(here.Fd);
        }
        finally { here.Release(); }
    }

    private sealed class EverythingListed : IListingSink
    {
        internal bool HasMissed { get; private set; }

        public void Missed(ulong inode) => HasMissed = true;

        public bool Includes(ReadOnlySpan<byte> name, EntryKind kind) => true;

        public void StatFailed(ReadOnlySpan<byte> name, int errno)
        {
        }
    }

    /// <summary>The root itself, or the directory that it is in; the caller releases it.</summary>
    internal DirectoryHandle OpenHere()
    {
        if (Stat.Kind == EntryKind.Directory) { return OpenDirectory(); }
        Parent.AddRef();
        return Parent;
    }

    /// <summary>That of the root's own file system: the directory above may be on another.</summary>
    internal long TimestampGranularityNanoseconds()
    {
        if (Stat.Kind != EntryKind.Directory) { return FileSystemKind.TimestampGranularityNanoseconds(Parent.Fd); }
        DirectoryHandle handle = OpenDirectory();
        try { return FileSystemKind.TimestampGranularityNanoseconds(handle.Fd); }
        finally { handle.Release(); }
    }

    /// <inheritdoc/>
    public void Dispose() => Parent.Release();
}
