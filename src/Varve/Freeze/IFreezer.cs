using Varve.Model;

namespace Varve.Freeze;

/// <summary>
/// One way to freeze file systems. A caller asks for the volumes to freeze, writes a record for each, lets it be taken, and has it removed
/// at the end. Thread-safe.
/// </summary>
internal interface IFreezer
{
    /// <summary>Btrfs, Lvm or Zfs.</summary>
    FreezeMethod Method { get; }

    /// <summary>Whether the mounted file system is of the kind that this can freeze. Never throws for one that is not.</summary>
    bool Handles(MountEntry mount);

    /// <summary>
    /// What has to be frozen so that <paramref name="inside"/>, a path within the mounted file system, is frozen: the volume it lies in
    /// first, then those that are seen below it, outer ones first.
    /// </summary>
    /// <exception cref="VarveException">Storage, Unsupported: what cannot be frozen, why, and what to do.</exception>
    IReadOnlyList<Volume> VolumesOf(MountEntry mount, ReadOnlySpan<byte> inside);

    /// <summary>
    /// Takes the snapshot that <paramref name="record"/>, durable by now, says. Returns the directory in which the volume's root is seen,
    /// frozen.
    /// </summary>
    /// <exception cref="VarveException">Storage, Unsupported. Something may have been made: the caller calls
    /// <see cref="Remove"/>.</exception>
    byte[] Take(FreezeRecord record, Volume volume);

    /// <summary>Takes away whatever there is of the snapshot, which may be nothing or half of it. Idempotent.</summary>
    /// <returns>A remark for people if the snapshot did not last as long as the backup, else null.</returns>
    /// <exception cref="VarveException">Storage, Unsupported: something is left, and may be tried again.</exception>
    Notice? Remove(FreezeRecord record);
}
