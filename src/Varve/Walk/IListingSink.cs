using Varve.Model;

namespace Varve.Walk;

/// <summary>What <see cref="DirectoryLister"/> asks and tells while it lists one directory. Called by the listing thread only.</summary>
internal interface IListingSink
{
    /// <summary>
    /// Whether the entry belongs in the listing. An entry that does not is not even looked at, so it cannot fail. <paramref name="kind"/>
    /// is None if the file system does not tell and stat failed. Asked again if stat finds another kind.
    /// </summary>
    bool Includes(ReadOnlySpan<byte> name, EntryKind kind);

    /// <summary>
    /// What was not included, once it is known what the directory holds: each name once, ascending. Of something that nobody looked at the
    /// kind is what the file system says without being asked, or None.
    /// </summary>
    void LeftOut(ReadOnlySpan<byte> name, EntryKind kind) { }

    /// <summary>
    /// The entry exists, but its stat could not be read: it is missing from the listing. Not called for entries that vanished.
    /// </summary>
    void StatFailed(ReadOnlySpan<byte> name, int errno);

    /// <summary>
    /// Names were renamed each time the directory was listed, and what had this inode number may be in the listing under no name.
    /// </summary>
    void Missed(ulong inode);
}
