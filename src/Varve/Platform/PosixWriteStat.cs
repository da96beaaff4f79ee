using Varve.Model;

namespace Varve.Platform;

/// <summary>What the writing side asks of statx: identity, owner, permission bits and modification time of something it made.</summary>
internal readonly record struct PosixWriteStat(ulong Device, ulong Inode, uint Mode, uint Uid, uint Gid, FileTime Mtime);
