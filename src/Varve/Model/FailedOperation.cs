namespace Varve;

/// <summary>What was being done when a path failed. The numbers are the format's (docs/format.md, 8.3).</summary>
public enum FailedOperation : byte
{
    /// <summary>Listing a directory.</summary>
    List = 1,
    /// <summary>Reading an entry's stat.</summary>
    Stat = 2,
    /// <summary>Opening a file.</summary>
    Open = 3,
    /// <summary>Reading content.</summary>
    Read = 4,
    /// <summary>
    /// Reading a symlink target or extended attributes; on restore, setting metadata. What failed is the attribute (but for the target):
    /// the entry itself is saved or restored.
    /// </summary>
    Metadata = 5,
    /// <summary>The file changed while it was read, each time it was tried.</summary>
    Changed = 6,
    /// <summary>On restore: creating or writing.</summary>
    Write = 7,
}
