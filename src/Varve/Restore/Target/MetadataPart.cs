namespace Varve.Restore.Target;

/// <summary>Which of an entry's metadata.</summary>
internal enum MetadataPart : byte
{
    /// <summary>All of them: the entry could not be reached.</summary>
    All,
    /// <summary>User and group.</summary>
    Owner,
    /// <summary>An extended attribute.</summary>
    Xattr,
    /// <summary>The permission bits.</summary>
    Mode,
    /// <summary>The modification time.</summary>
    Time,
    /// <summary>Immutable, append-only and their like.</summary>
    Flags,
}
