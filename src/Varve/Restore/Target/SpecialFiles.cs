using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Restore.Target;

/// <summary>
/// Makes what is neither file nor directory, with its metadata, and further names of files. Thread-safe and without state.
/// </summary>
internal sealed class SpecialFiles
{
    private readonly MetadataSetter _metadata;

    /// <summary>Creates it.</summary>
    public SpecialFiles(MetadataSetter metadata) => _metadata = metadata;

    /// <summary>
    /// Makes a symlink, fifo, socket or device and sets its metadata. A device that the user may not make is counted as lost: Ok, but not
    /// Created.
    /// </summary>
    /// <param name="directory">Where.</param>
    /// <param name="name">One component.</param>
    /// <param name="stat">What it is to have.</param>
    /// <param name="details">Symlink target, device numbers (else those in <paramref name="stat"/>), extended attributes.</param>
    /// <exception cref="VarveException">Damaged: no possible name or target. Storage: no space left.</exception>
    public RestoreOutcome Create(TargetDirectory directory, ReadOnlySpan<byte> name, in EntryStat stat, EntryDetails? details)
    {
        TargetName.Check(name);
        int error = directory.Pin(out TargetPin pin);
        using (pin)
        {
            if (error == 0) { error = Make(pin.Descriptor, name, stat, details); }
            if (error == Errno.EPERM && stat.Kind is EntryKind.CharDevice or EntryKind.BlockDevice)
            {
                _metadata.Losses.Add(MetadataLosses.Loss.Devices);
                return new RestoreOutcome(default, 0, Created: false);
            }

            if (error != 0) { return RestoreOutcome.NotWritten(error, directory, name); }
            return _metadata.ApplyToNew(new MetadataSubject(pin.Descriptor, name), directory, modeIsSet: false, stat, details);
        }
    }

    /// <summary>Gives an entry of this restore a further name. The caller keeps a reference to the first name's directory.</summary>
    public static RestoreOutcome Link(
        TargetDirectory fromDirectory, ReadOnlySpan<byte> from, TargetDirectory toDirectory, ReadOnlySpan<byte> to)
    {
        TargetName.Check(from);
        TargetName.Check(to);
        int error = fromDirectory.Pin(out TargetPin source);
        using (source)
        {
            if (error != 0) { return RestoreOutcome.NotWritten(error, toDirectory, to); }
            error = toDirectory.Pin(out TargetPin target);
            using (target)
            {
                if (error == 0) { error = Posix.LinkAt(source.Descriptor, from, target.Descriptor, to); }
                return error == 0 ? RestoreOutcome.Done : RestoreOutcome.NotWritten(error, toDirectory, to);
            }
        }
    }

    private static int Make(int directory, ReadOnlySpan<byte> name, in EntryStat stat, EntryDetails? details)
    {
        (uint major, uint minor) = details?.Device ?? (stat.RdevMajor, stat.RdevMinor);
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
            case EntryKind.CharDevice: return Posix.MakeNodeAt(directory, name, Modes.CharDevice | Modes.PrivateFile, major, minor);
            case EntryKind.BlockDevice: return Posix.MakeNodeAt(directory, name, Modes.BlockDevice | Modes.PrivateFile, major, minor);
            default: throw new ArgumentException($"{stat.Kind} is not made here", nameof(stat));
        }
    }
}
