using Varve.Walk;

namespace Varve.Backup.Run;

/// <summary>
/// Where each entry of a listing really lies: a directory of its own choice, perhaps under another name there. For the pseudo directory of
/// a source that is recorded as something else, and for directories that are merged from several roots. Filled in the order of the listing,
/// then not changed. Does not own the handles.
/// </summary>
internal sealed class EntryOrigins
{
    private readonly List<(DirectoryHandle Handle, byte[]? Name, ulong MountKey, ulong Below)> _entries = [];

    /// <summary>
    /// The next entry; <paramref name="name"/> is null if it is the listing's. <paramref name="below"/> is the mount key of a directory's
    /// own entries.
    /// </summary>
    internal void Add(DirectoryHandle handle, byte[]? name, ulong mountKey, ulong below) => _entries.Add((handle, name, mountKey, below));

    /// <summary>Adds entry <paramref name="i"/> of this as the next of another.</summary>
    internal void CopyTo(EntryOrigins other, int i) => other._entries.Add(_entries[i]);

    internal DirectoryHandle Handle(int i) => _entries[i].Handle;

    internal ReadOnlySpan<byte> Name(int i, ReadOnlySpan<byte> listed) => _entries[i].Name is { } name ? name : listed;

    internal ulong MountKey(int i) => _entries[i].MountKey;

    internal ulong MountBelow(int i) => _entries[i].Below;
}
