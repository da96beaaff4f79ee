using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;
using Varve.Restore.Place;
using Varve.Restore.Target;

namespace Varve.Restore.Entries;

/// <summary>
/// Creates files. A file is always new (O_EXCL), and no link is followed. What it is to replace keeps its name until the new one is whole
/// and takes that name. Thread-safe.
/// <para>A small file has its name from the beginning, and its modification time at the end: one that was cut short differs in that. A
/// large one gets its name when it is whole. So does a small one where nothing tells when it was made (<see cref="NamesLast"/>).</para>
/// A small file whose owner is the one a new file gets costs four system calls: open, write, time, close.
/// </summary>
internal sealed class FileWriter
{
    private readonly MetadataSetter _metadata;

    // Guarded by itself: large files that are being written.
    private readonly HashSet<RestoredFile> _open = [];

    // The file system has no files without a name.
    private volatile bool _needsNames;

    /// <summary>Creates it.</summary>
    public FileWriter(MetadataSetter metadata) => _metadata = metadata;

    /// <summary>What tells this restore from others in temporary names. Set before anything is made.</summary>
    public ulong Number { get; set; }

    /// <summary>Small files too bear a temporary name until they are whole. Set before anything is made.</summary>
    public bool NamesLast { get; set; }

    /// <summary>The same in directories that were there: others may use them meanwhile. Set before anything is made.</summary>
    public bool NamesLastWhereOthersAre { get; set; }

    /// <summary>What gives a file its metadata that is written to where it stands. Set before anything is made.</summary>
    public MetadataAdjuster? Adjuster { get; set; }

    /// <summary>
    /// The whole life of a file: created, filled, metadata set, closed. Content shorter than the size leaves a hole up to the size. A file
    /// that could not be filled is removed again. Allocates nothing.
    /// </summary>
    /// <param name="directory">Where.</param>
    /// <param name="name">One component.</param>
    /// <param name="content">At most <paramref name="stat"/>.Size bytes.</param>
    /// <param name="stat">What the file is to have.</param>
    /// <param name="details">Extended attributes and flags; null if it has none. Flags of a link group wait for
    /// <see cref="MetadataSetter.SetFlags"/>.</param>
    /// <param name="tellsId">Whether the outcome is to tell which inode it is.</param>
    /// <param name="replaces">Whether it takes the place of what has that name.</param>
    /// <exception cref="VarveException">Damaged: the name is none. Storage: no space left.</exception>
    public RestoreOutcome WriteSmall(TargetDirectory directory, ReadOnlySpan<byte> name, ReadOnlySpan<byte> content, in EntryStat stat,
        EntryDetails? details = null, bool tellsId = false, bool replaces = false)
    {
        TargetName.Check(name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(content.Length, stat.Size);
        int error = directory.Pin(out TargetPin pin);
        using (pin)
        {
            if (error != 0) { return RestoreOutcome.NotWritten(error, directory, name); }
            Span<byte> temporary = stackalloc byte[TemporaryName.Length];
            scoped ReadOnlySpan<byte> first = name;
            bool isNamedLast = NamesLast || replaces || NamesLastWhereOthersAre && !directory.WasCreated;
            if (isNamedLast)
            {
                TemporaryName.Of(Number, name, temporary);
                first = temporary;
            }

            MetadataLosses.At(directory, name);
            uint mode = MetadataSetter.CreationMode(directory, stat, details, out bool modeIsSet);
            error = CreateNew(directory, pin.Descriptor, first, mode, isNamedLast, out SafeFd file);
            if (error != 0) { return RestoreOutcome.NotWritten(error, directory, name); }
            if (!content.IsEmpty) { error = Posix.WriteAll(file.Value, content); }
            if (error == 0 && content.Length < stat.Size) { error = Posix.SetLength(file.Value, stat.Size); }
            RestoreOutcome outcome = RestoreOutcome.Done;
            if (error == 0) { outcome = _metadata.ApplyToNew(new MetadataSubject(file.Value), directory, modeIsSet, stat, details); }
            EntryStat made = default;
            if (tellsId || error != 0) { _ = Posix.Stat(file.Value, out made); }
            if (error == 0 && isNamedLast) { error = TemporaryName.Publish(pin.Descriptor, temporary, name, replaces); }
            if (error == 0) { _metadata.AddFlags(file.Value, details); }
            int closed = file.Close();
            if (error == 0) { error = closed; }
            if (error == 0) { return tellsId ? outcome with { Id = TargetFileId.Of(in made) } : outcome; }
            directory.Remove(first, TargetFileId.Of(in made));
            return RestoreOutcome.NotWritten(error, directory, name);
        }
    }

    /// <summary>
    /// Creates a file of <paramref name="size"/> bytes that is all hole, mode 0600, to be written at offsets by any thread. It has no name
    /// yet, or a temporary one, and holds a reference to its directory until it is disposed.
    /// </summary>
    /// <param name="directory">Where.</param>
    /// <param name="name">One component.</param>
    /// <param name="size">Bytes.</param>
    /// <param name="file">The file; null if it could not be made.</param>
    /// <param name="replaces">Whether it takes the place of what has that name in the end.</param>
    /// <param name="into">An open file to which all is copied in the end, if it is to be that file; whose descriptor is taken over.</param>
    /// <exception cref="VarveException">Damaged: the name is none. Storage: no space left.</exception>
    public RestoreOutcome CreateFile(TargetDirectory directory, ReadOnlySpan<byte> name, long size, out RestoredFile? file,
        bool replaces = false, SafeFd into = default)
    {
        TargetName.Check(name);
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        file = null;
        int error = directory.Pin(out TargetPin pin);
        using (pin)
        {
            // What is there already had better be noticed before gigabytes are written.
            if (error == 0 && !replaces && Posix.StatAt(pin.Descriptor, name, out _) == 0) { error = Errno.EEXIST; }
            byte[]? temporary = null;
            SafeFd made = default;
            if (error == 0) { error = CreateUnnamed(directory, pin.Descriptor, name, out made, out temporary); }
            EntryStat stat = default;
            if (error == 0 && size > 0) { error = Posix.SetLength(made.Value, size); }
            if (error == 0) { error = Posix.Stat(made.Value, out stat); }
            if (error == 0)
            {
                file = new RestoredFile(this, directory, name.ToArray(), temporary, size, made, TargetFileId.Of(in stat))
                {
                    Replaces = replaces, Into = into,
                };
                lock (_open) { _open.Add(file); }
                return RestoreOutcome.Done;
            }

            made.Close();
            into.Close();
            if (temporary is not null) { _ = Posix.UnlinkAt(pin.Descriptor, temporary); }
            return RestoreOutcome.NotWritten(error, directory, name);
        }
    }

    /// <summary>
    /// Opens a file that is there, to be written where it stands. It is what was looked at, or ESTALE; if its owner may not write to it, he
    /// is given the right.
    /// </summary>
    public static int OpenThere(TargetDirectory directory, ReadOnlySpan<byte> name, TargetFileId id, out SafeFd file)
    {
        file = default;
        int error = directory.Hold(name, id, out EntryStat stat, out SafeFd held);
        if (error == 0 && stat.Kind != EntryKind.File) { error = Errno.ESTALE; }
        const int flags = Posix.O_RDWR | Posix.O_NONBLOCK | Posix.O_NOCTTY;
        if (error == 0) { error = Posix.OpenHeld(held.Value, flags, out file); }
        if (error == Errno.EACCES && Posix.SetModeOfHeld(held.Value, stat.Mode | Modes.PrivateFile) == 0)
        {
            error = Posix.OpenHeld(held.Value, flags, out file);
        }

        held.Close();
        return error;
    }

    /// <summary>The file that <see cref="OpenThere"/> opened, as one that is written; its length is set at once.</summary>
    public RestoreOutcome TakeThere(TargetDirectory directory, ReadOnlySpan<byte> name, TargetFileId id, long size, SafeFd there,
        out RestoredFile? file)
    {
        file = null;
        int error = Posix.SetLength(there.Value, size);
        if (error != 0)
        {
            there.Close();
            return RestoreOutcome.NotWritten(error, directory, name);
        }

        file = new RestoredFile(this, directory, name.ToArray(), null, size, there, id) { IsThere = true };
        lock (_open) { _open.Add(file); }
        return RestoreOutcome.Done;
    }

    /// <summary>Gives up all large files that are not whole: after a restore that failed, once its workers have ended.</summary>
    public void AbandonAll()
    {
        RestoredFile[] open;
        lock (_open) { open = [.. _open]; }
        foreach (RestoredFile file in open) { file.Dispose(); }
    }

    internal MetadataSetter Metadata => _metadata;

    internal void Forget(RestoredFile file)
    {
        lock (_open) { _open.Remove(file); }
    }

    private int CreateUnnamed(TargetDirectory directory, int parent, ReadOnlySpan<byte> name, out SafeFd file, out byte[]? temporary)
    {
        temporary = null;
        if (!_needsNames)
        {
            int error = Open(directory, parent, "."u8, Posix.O_TMPFILE | Posix.O_RDWR, Modes.PrivateFile, out file);
            if (error is not (Errno.ENOTSUP or Errno.EISDIR or Errno.EINVAL or Errno.ENOENT or Errno.ENOSYS)) { return error; }
            _needsNames = true;
        }

        temporary = new byte[TemporaryName.Length];
        TemporaryName.Of(Number, name, temporary);
        return CreateNew(directory, parent, temporary, Modes.PrivateFile, isTemporary: true, out file);
    }

    private static int CreateNew(TargetDirectory directory, int parent, ReadOnlySpan<byte> name, uint mode, bool isTemporary,
        out SafeFd file)
    {
        int flags = Posix.O_RDWR | Posix.O_CREAT | Posix.O_EXCL | Posix.O_NOFOLLOW;
        int error = Open(directory, parent, name, flags, mode, out file);
        if (error != Errno.EEXIST || !isTemporary) { return error; }

        // An earlier run was cut off before it was whole.
        error = Posix.UnlinkAt(parent, name);
        return error == 0 ? Open(directory, parent, name, flags, mode, out file) : error;
    }

    private static int Open(TargetDirectory directory, int parent, ReadOnlySpan<byte> name, int flags, uint mode, out SafeFd file)
    {
        int error = Posix.OpenAt(parent, name, flags, mode, out file);
        if (error != Errno.EMFILE) { return error; }
        directory.CloseIdle();
        return Posix.OpenAt(parent, name, flags, mode, out file);
    }
}
