namespace Varve.Freeze;

/// <summary>Something that is frozen as one: a btrfs subvolume, a logical volume, a ZFS dataset.</summary>
/// <param name="Id">What the record calls it (<see cref="FreezeRecord.Volume"/>).</param>
/// <param name="Inside">Its root within the mounted file system: <c>/</c>, or the subvolume's path.</param>
/// <param name="Mount">The mount it is seen by.</param>
internal sealed record Volume(string Id, byte[] Inside, MountEntry Mount);
