namespace Varve.Store.Wire;

/// <summary>What a server says of a file (draft-ietf-secsh-filexfer-02, section 5), as far as it says anything.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Mode">Kind and permissions, as in stat(2).</param>
/// <param name="Modified">Seconds since 1970, by the server's clock.</param>
internal readonly record struct SftpAttributes(ulong? Size, uint? Mode, uint? Modified)
{
    internal const uint HasSize = 1, HasOwner = 2, HasPermissions = 4, HasTimes = 8, HasMore = 0x8000_0000;

    private const uint KindMask = 0xF000, Regular = 0x8000, Folder = 0x4000, Link = 0xA000;

    /// <summary>Whether it is a regular file; where kinds are not told, everything is.</summary>
    internal bool IsFile => Mode is not { } mode || (mode & KindMask) is Regular or 0;

    /// <summary>Whether it is a directory.</summary>
    internal bool IsDirectory => Mode is { } mode && (mode & KindMask) == Folder;

    /// <summary>Whether it is a symlink.</summary>
    internal bool IsLink => Mode is { } mode && (mode & KindMask) == Link;

    /// <summary>Its bytes, never below zero.</summary>
    internal long Length => Size is { } size ? (long)Math.Min(size, long.MaxValue) : 0;
}
