namespace Varve.Platform.Watching;

/// <summary>What happened, as fanotify(7) numbers it.</summary>
[Flags]
internal enum FileEvents : ulong
{
    None = 0,
    /// <summary>Content was written.</summary>
    Modify = 0x2,
    /// <summary>Metadata changed, or the number of names.</summary>
    Attributes = 0x4,
    /// <summary>What was open for writing, or mapped so, is no more.</summary>
    CloseWrite = 0x8,
    MovedFrom = 0x40,
    MovedTo = 0x80,
    Create = 0x100,
    Delete = 0x200,
    DeleteSelf = 0x400,
    MoveSelf = 0x800,
    /// <summary>There were more events than the queue holds.</summary>
    Overflow = 0x4000,
    /// <summary>The file system found itself damaged.</summary>
    FileSystemError = 0x8000,
    /// <summary>It happened to a directory.</summary>
    OnDirectory = 0x4000_0000,

    /// <summary>What a directory tells of its names.</summary>
    Names = MovedFrom | MovedTo | Create | Delete,

    /// <summary>All that may make a tree another, and cannot be told from its looks alone.</summary>
    Changes = Modify | Attributes | CloseWrite | MovedFrom | MovedTo | Create | Delete | OnDirectory,
}
