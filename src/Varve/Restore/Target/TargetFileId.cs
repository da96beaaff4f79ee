namespace Varve.Restore.Target;

/// <summary>Which file of the target: file system and inode.</summary>
internal readonly record struct TargetFileId(ulong Device, ulong Inode);
