namespace Varve;

/// <summary>The closed set of what can go wrong. The command line maps each to one exit code.</summary>
public enum ErrorKind
{
    /// <summary>The request makes no sense: bad option, bad pattern, target not empty.</summary>
    Usage,
    /// <summary>There is no repository at that place.</summary>
    NoRepository,
    /// <summary>Another process holds what is needed.</summary>
    Busy,
    /// <summary>The password or key file opens no slot, or opens one of too low a level.</summary>
    WrongKey,
    /// <summary>Bytes are not what was written: truncated, flipped, foreign.</summary>
    Damaged,
    /// <summary>Written by a newer version, or a needed library is missing.</summary>
    Unsupported,
    /// <summary>The file system or store failed: full, unreachable, refused.</summary>
    Storage,
    /// <summary>A named thing (snapshot, path, object) does not exist.</summary>
    NotFound,
    /// <summary>The writer lost its session and must not commit.</summary>
    SessionLost,
}
