namespace Varve.Backup.Content;

/// <summary>
/// Reading a file's content failed in the middle. Thrown from the depth of the cutter to the file's reader, which makes it data: it never
/// leaves the stage.
/// </summary>
internal sealed class ReadFailedException(int errno, string? what = null) : Exception
{
    internal int Errno { get; } = errno;

    /// <summary>What happened, for people, if the error number does not say it.</summary>
    internal string? What { get; } = what;
}
