using Varve.Model;
using Varve.Platform;

namespace Varve.Restore.Target;

/// <summary>
/// What metadata are set on: an open file or directory, or an inode that is held without being opened (O_PATH) for the kinds that cannot
/// be. Never a name, which may stand for something else by now. Returns error numbers.
/// </summary>
internal readonly struct MetadataSubject
{
    private readonly int _descriptor;
    private readonly bool _isHeld;

    /// <summary>An open file or directory.</summary>
    public MetadataSubject(int descriptor) => _descriptor = descriptor;

    private MetadataSubject(int descriptor, bool isHeld) => (_descriptor, _isHeld) = (descriptor, isHeld);

    /// <summary>What <see cref="Posix.HoldAt"/> took hold of.</summary>
    public static MetadataSubject Held(int descriptor) => new(descriptor, isHeld: true);

    /// <summary>The open file or directory, or -1 for what is only held.</summary>
    public int Descriptor => _isHeld ? -1 : _descriptor;

    public int SetOwner(uint uid, uint gid) =>
        _isHeld ? Posix.SetOwnerOfHeld(_descriptor, uid, gid) : Posix.SetOwner(_descriptor, uid, gid);

    public int SetMode(uint mode) => _isHeld ? Posix.SetModeOfHeld(_descriptor, mode) : Posix.SetMode(_descriptor, mode);

    public int SetTime(FileTime mtime) => _isHeld ? Posix.SetTimeOfHeld(_descriptor, mtime) : Posix.SetTime(_descriptor, mtime);

    public int SetXattr(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        _isHeld ? Posix.SetXattrOfHeld(_descriptor, name, value) : Posix.SetXattr(_descriptor, name, value);

    public int RemoveXattr(ReadOnlySpan<byte> name) =>
        _isHeld ? Posix.RemoveXattrOfHeld(_descriptor, name) : Posix.RemoveXattr(_descriptor, name);

    public int Stat(out EntryStat stat) => Posix.Stat(_descriptor, out stat);
}
