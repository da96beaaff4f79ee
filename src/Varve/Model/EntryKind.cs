namespace Varve;

/// <summary>What an entry is. The numbers are the format's (docs/format.md, 8.1).</summary>
public enum EntryKind : byte
{
    /// <summary>Not an entry.</summary>
    None = 0,
    /// <summary>A regular file.</summary>
    File = 1,
    /// <summary>A directory.</summary>
    Directory = 2,
    /// <summary>A symbolic link.</summary>
    Symlink = 3,
    /// <summary>A named pipe.</summary>
    Fifo = 4,
    /// <summary>A UNIX domain socket.</summary>
    Socket = 5,
    /// <summary>A character device.</summary>
    CharDevice = 6,
    /// <summary>A block device.</summary>
    BlockDevice = 7,
}
