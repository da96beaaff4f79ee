using Varve.Model;

namespace Varve.Restore.Target;

/// <summary>Which file of the target: file system and inode.</summary>
internal readonly record struct TargetFileId(ulong Device, ulong Inode)
{
    /// <summary>Of what was looked at.</summary>
    internal static TargetFileId Of(in EntryStat stat) => new(stat.Device, stat.Inode);
}
