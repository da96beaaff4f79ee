namespace Varve.Platform.Files;

/// <summary>Whether somebody has a file open for writing, as far as the kernel tells.</summary>
internal enum WriterPresence : byte
{
    /// <summary>It does not tell: not our file, or a file system without leases.</summary>
    Unknown = 0,
    /// <summary>Nobody: no descriptor and no shared mapping that could write.</summary>
    None = 1,
    /// <summary>Somebody.</summary>
    Some = 2,
}
