using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;
using Varve.Restore.Target;

namespace Varve.Restore.Entries;

/// <summary>
/// Makes what is neither file nor directory, with its metadata, and further names of files. What was made is taken hold of without being
/// opened, and if it is what was made, it gets its metadata through that: its name may stand for something else by then. Thread-safe and
/// without state.
/// </summary>
internal sealed class SpecialFiles
{
    private readonly MetadataSetter _metadata;

    /// <summary>Creates it.</summary>
    public SpecialFiles(MetadataSetter metadata) => _metadata = metadata;

    /// <summary>What tells this restore from others in temporary names. Set before anything is made.</summary>
    public ulong Number { get; set; }

    /// <summary>
    /// Makes a symlink, fifo, socket or device and sets its metadata. A device that the user may not make is counted as lost: Ok, but not
    /// Created.
    /// </summary>
    /// <param name="directory">Where.</param>
    /// <param name="name">One component.</param>
    /// <param name="stat">What it is to have.</param>
    /// <param name="details">Symlink target, device numbers (else those in <paramref name="stat"/>), extended attributes.</param>
    /// <param name="replaces">Whether it takes the place of what has that name.</param>
    /// <exception cref="VarveException">Damaged: no possible name or target. Storage: no space left.</exception>
    public RestoreOutcome Create(TargetDirectory directory, ReadOnlySpan<byte> name, in EntryStat stat, EntryDetails? details,
        bool replaces = false)
    {
        TargetName.Check(name);
        MetadataLosses.At(directory, name);
        Span<byte> temporary = stackalloc byte[TemporaryName.Length];
        TemporaryName.Of(Number, name, temporary);
        scoped ReadOnlySpan<byte> first = replaces ? temporary : name;
        (uint Major, uint Minor) device = details?.Device ?? (stat.RdevMajor, stat.RdevMinor);
        bool isDevice = stat.Kind is EntryKind.CharDevice or EntryKind.BlockDevice;
        SafeFd held = default;
        int error = directory.Pin(out TargetPin pin);
        using (pin)
        {
            if (error == 0 && replaces) { _ = Posix.UnlinkAt(pin.Descriptor, first); }
            if (error == 0) { error = Make(pin.Descriptor, first, stat, device, details); }
            if (error == Errno.EPERM && isDevice)
            {
                _metadata.Losses.Add(MetadataLosses.Loss.Devices);
                return new RestoreOutcome(default, 0, Created: false);
            }

            EntryStat made = default;
            if (error == 0) { error = Hold(directory, pin.Descriptor, first, out held); }
            if (error == 0) { error = Posix.Stat(held.Value, out made); }
            if (error == 0) { error = directory.CheckMade(pin.Descriptor, in made, stat.Kind); }
            if (error == 0 && isDevice && (made.RdevMajor, made.RdevMinor) != device) { error = Errno.ESTALE; }
            RestoreOutcome outcome = error != 0 ? RestoreOutcome.NotWritten(error, directory, name)
                : _metadata.ApplyToNew(MetadataSubject.Held(held.Value), directory, modeIsSet: false, stat, details)
                with
                { Id = TargetFileId.Of(in made) };
            held.Close();
            if (error != 0 || !replaces) { return outcome; }
            error = TemporaryName.Publish(pin.Descriptor, first, name, replaces: true);
            if (error == 0) { return outcome; }
            _ = Posix.UnlinkAt(pin.Descriptor, first);
            return RestoreOutcome.NotWritten(error, directory, name);
        }
    }

    /// <summary>
    /// Gives an entry of this restore a further name, if <paramref name="from"/> still stands for it. The caller keeps a reference to the
    /// first name's directory. <paramref name="replaces"/>, the restore's number: it takes the place of what has that name.
    /// </summary>
    public static RestoreOutcome Link(TargetDirectory fromDirectory, ReadOnlySpan<byte> from, TargetFileId id, TargetDirectory toDirectory,
        ReadOnlySpan<byte> to, ulong? replaces = null)
    {
        TargetName.Check(from);
        TargetName.Check(to);
        Span<byte> temporary = stackalloc byte[TemporaryName.Length];
        TemporaryName.Of(replaces ?? 0, to, temporary);
        scoped ReadOnlySpan<byte> first = replaces is null ? to : temporary;
        int error = fromDirectory.Hold(from, id, out _, out SafeFd held);
        if (error == 0)
        {
            error = toDirectory.Pin(out TargetPin target);
            using (target)
            {
                if (error == 0 && replaces is not null) { _ = Posix.UnlinkAt(target.Descriptor, first); }
                if (error == 0) { error = Posix.LinkHeld(held.Value, target.Descriptor, first); }
                if (error == 0 && replaces is not null)
                {
                    error = TemporaryName.Publish(target.Descriptor, first, to, replaces: true);
                    if (error != 0) { _ = Posix.UnlinkAt(target.Descriptor, first); }
                }
            }
        }

        held.Close();
        return error == 0 ? RestoreOutcome.Done with { Id = id } : RestoreOutcome.NotWritten(error, toDirectory, to);
    }

    private static int Hold(TargetDirectory directory, int parent, ReadOnlySpan<byte> name, out SafeFd held)
    {
        int error = Posix.HoldAt(parent, name, out held);
        if (error != Errno.EMFILE) { return error; }
        directory.CloseIdle();
        return Posix.HoldAt(parent, name, out held);
    }

    private static int Make(int directory, ReadOnlySpan<byte> name, in EntryStat stat, (uint Major, uint Minor) device,
        EntryDetails? details)
    {
        switch (stat.Kind)
        {
            case EntryKind.Symlink:
                if (details?.SymlinkTarget is not { Length: > 0 } target || target.AsSpan().Contains((byte)0))
                {
                    throw VarveException.Damaged(Subject.PartOnly("a tree"),
                        $"the symbolic link \"{TargetName.Display(name)}\" has no possible target");
                }

                return Posix.MakeSymlinkAt(target, directory, name);
            case EntryKind.Fifo: return Posix.MakeNodeAt(directory, name, Modes.Fifo | Modes.PrivateFile, 0, 0);
            case EntryKind.Socket: return Posix.MakeNodeAt(directory, name, Modes.Socket | Modes.PrivateFile, 0, 0);
            case EntryKind.CharDevice:
                return Posix.MakeNodeAt(directory, name, Modes.CharDevice | Modes.PrivateFile, device.Major, device.Minor);
            case EntryKind.BlockDevice:
                return Posix.MakeNodeAt(directory, name, Modes.BlockDevice | Modes.PrivateFile, device.Major, device.Minor);
            default: throw new ArgumentException($"{stat.Kind} is not made here", nameof(stat));
        }
    }
}
