namespace Varve.Restore.Resume;

/// <summary>A run as a mark tells of it; times are the file system's.</summary>
/// <param name="Began">Nothing that it made was born earlier.</param>
/// <param name="Ended">When it was cut off and could say so; the default if it could not.</param>
/// <param name="Boot">The boot of the machine; empty if that is unknown.</param>
/// <param name="Mount">The mount that it wrote to; 0 if that is unknown.</param>
internal readonly record struct MarkedRun(FileTime Began, FileTime Ended, string Boot, ulong Mount);
