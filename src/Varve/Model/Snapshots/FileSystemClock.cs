namespace Varve.Model.Snapshots;

/// <summary>
/// A moment that the clock which stamps the files of a file system had passed when a run began. It need not be the program's clock, nor
/// right.
/// </summary>
/// <param name="MountKey">Which file system of the source (docs/format.md, 8.1); 0 is that of the root.</param>
/// <param name="Time">The moment.</param>
internal readonly record struct FileSystemClock(ulong MountKey, FileTime Time)
{
    /// <summary>A snapshot says so of that many file systems at most.</summary>
    internal const int Most = 256;
}
