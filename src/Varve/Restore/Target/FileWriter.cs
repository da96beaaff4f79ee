using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Restore.Target;

/// <summary>
/// Creates files. A file is always new (O_EXCL): nothing is overwritten, no link is followed. Thread-safe and without state.
/// A small file whose owner is the one a new file gets costs four system calls: open, write, time, close.
/// </summary>
internal sealed class FileWriter
{
    private readonly MetadataSetter _metadata;

    /// <summary>Creates it.</summary>
    public FileWriter(MetadataSetter metadata) => _metadata = metadata;

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
    /// <exception cref="VarveException">Damaged: the name is none. Storage: no space left.</exception>
    public RestoreOutcome WriteSmall(TargetDirectory directory, ReadOnlySpan<byte> name, ReadOnlySpan<byte> content, in EntryStat stat,
        EntryDetails? details = null)
    {
        TargetName.Check(name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(content.Length, stat.Size);
        int error = directory.Pin(out TargetPin pin);
        using (pin)
        {
            if (error != 0) { return RestoreOutcome.NotWritten(error, directory, name); }
            uint mode = MetadataSetter.CreationMode(directory, stat, details, out bool modeIsSet);
            error = CreateNew(directory, pin.Descriptor, name, mode, out SafeFd file);
            if (error != 0) { return RestoreOutcome.NotWritten(error, directory, name); }
            if (!content.IsEmpty) { error = Posix.WriteAll(file.Value, content); }
            if (error == 0 && content.Length < stat.Size) { error = Posix.SetLength(file.Value, stat.Size); }
            RestoreOutcome outcome = RestoreOutcome.Done;
            if (error == 0) { outcome = _metadata.ApplyToNew(new MetadataSubject(file.Value), directory, modeIsSet, stat, details); }
            int closed = file.Close();
            if (error == 0) { error = closed; }
            if (error == 0) { return outcome; }
            _ = Posix.UnlinkAt(pin.Descriptor, name);
            return RestoreOutcome.NotWritten(error, directory, name);
        }
    }

    /// <summary>
    /// Creates a file of <paramref name="size"/> bytes that is all hole, mode 0600, to be written at offsets by any thread. It holds a
    /// reference to its directory until it is disposed.
    /// </summary>
    /// <exception cref="VarveException">Damaged: the name is none. Storage: no space left.</exception>
    public RestoreOutcome CreateFile(TargetDirectory directory, ReadOnlySpan<byte> name, long size, out RestoredFile? file)
    {
        TargetName.Check(name);
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        file = null;
        int error = directory.Pin(out TargetPin pin);
        using (pin)
        {
            if (error != 0) { return RestoreOutcome.NotWritten(error, directory, name); }
            error = CreateNew(directory, pin.Descriptor, name, Modes.PrivateFile, out SafeFd made);
            if (error != 0) { return RestoreOutcome.NotWritten(error, directory, name); }
            EntryStat stat = default;
            if (size > 0) { error = Posix.SetLength(made.Value, size); }
            if (error == 0) { error = Posix.Stat(made.Value, out stat); }
            if (error == 0)
            {
                file = new RestoredFile(_metadata, directory, name.ToArray(), size, made, new TargetFileId(stat.Device, stat.Inode));
                return RestoreOutcome.Done;
            }

            made.Close();
            _ = Posix.UnlinkAt(pin.Descriptor, name);
            return RestoreOutcome.NotWritten(error, directory, name);
        }
    }

    private static int CreateNew(TargetDirectory directory, int parent, ReadOnlySpan<byte> name, uint mode, out SafeFd file)
    {
        int flags = Posix.O_WRONLY | Posix.O_CREAT | Posix.O_EXCL | Posix.O_NOFOLLOW;
        int error = Posix.OpenAt(parent, name, flags, mode, out file);
        if (error != Errno.EMFILE) { return error; }
        directory.CloseIdle();
        return Posix.OpenAt(parent, name, flags, mode, out file);
    }
}
