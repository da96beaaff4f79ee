using Varve.Model;
using Varve.Platform;

namespace Varve.Restore.Target;

/// <summary>
/// What metadata are set on: an open file or directory, or a name in an open directory for the kinds that cannot be opened without effect.
/// Either way no link is followed. Returns error numbers.
/// </summary>
internal readonly ref struct MetadataSubject
{
    private readonly int _descriptor;
    private readonly ReadOnlySpan<byte> _name;

    /// <summary>An open file or directory.</summary>
    public MetadataSubject(int descriptor) => _descriptor = descriptor;

    /// <summary>A name in an open directory.</summary>
    public MetadataSubject(int directory, ReadOnlySpan<byte> name)
    {
        _descriptor = directory;
        _name = name;
    }

    /// <summary>The open file or directory, or -1 for a name.</summary>
    public int Descriptor => _name.IsEmpty ? _descriptor : -1;

    public int SetOwner(uint uid, uint gid) =>
        _name.IsEmpty ? Posix.SetOwner(_descriptor, uid, gid) : Posix.SetOwnerAt(_descriptor, _name, uid, gid);

    public int SetMode(uint mode) => _name.IsEmpty ? Posix.SetMode(_descriptor, mode) : Posix.SetModeAt(_descriptor, _name, mode);

    public int SetTime(FileTime mtime) => _name.IsEmpty ? Posix.SetTime(_descriptor, mtime) : Posix.SetTimeAt(_descriptor, _name, mtime);

    public int SetXattr(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        _name.IsEmpty ? Posix.SetXattr(_descriptor, name, value) : Posix.SetXattrAt(_descriptor, _name, name, value);

    public int Stat(out EntryStat stat) => _name.IsEmpty ? Posix.Stat(_descriptor, out stat) : Posix.StatAt(_descriptor, _name, out stat);
}
