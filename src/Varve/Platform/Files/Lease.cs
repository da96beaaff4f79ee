namespace Varve.Platform.Files;

/// <summary>
/// Asks the kernel whether anybody has a file open for writing: a read lease is granted only if nobody has, neither through a descriptor
/// nor through a mapping, which keeps the file open. The lease is given back at once. Who opens the file in the microseconds between waits
/// for that. Thread-safe.
/// </summary>
internal static class Lease
{
    /// <summary>Needs a descriptor that is open for reading only, and the file's owner or root; three system calls.</summary>
    internal static WriterPresence Probe(int fd) => Posix.ProbeLease(fd) switch
    {
        0 => WriterPresence.None,
        Errno.EAGAIN => WriterPresence.Some,
        _ => WriterPresence.Unknown,
    };
}
