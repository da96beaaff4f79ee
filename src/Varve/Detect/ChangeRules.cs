namespace Varve.Detect;

/// <summary>What the change predicate leaves out, for file systems that need it.</summary>
[Flags]
internal enum ChangeRules : byte
{
    /// <summary>Everything counts.</summary>
    None = 0,
    /// <summary>Inode numbers are not stable (some network and FUSE file systems).</summary>
    IgnoreInode = 1,
    /// <summary>Ctimes change without cause (other programs touch them); mtimes are trusted instead.</summary>
    IgnoreCtime = 2,
}
