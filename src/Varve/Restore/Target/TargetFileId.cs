namespace Varve.Restore.Target;

/// <summary>Which file of the target: file system and inode.</summary>
public readonly record struct TargetFileId(ulong Device, ulong Inode);
