namespace Varve.Platform.Files;

/// <summary>
/// Opening a file without waiting fails with EAGAIN while another process has a lease on it that forbids that, as file servers do for
/// their clients. The attempt asks for the lease, which is mostly given back at once; from a process that does not answer the kernel takes
/// it, after 45 seconds unless it was set up otherwise. Costs nothing where there is no lease. Not thread-safe.
/// </summary>
internal struct Patience
{
    /// <summary>Some ten seconds.</summary>
    private const int MostTries = 200;

    private const int LongestPause = 50; // ms

    private int _tries;

    /// <summary>Whether to try again after that error number; it has waited a moment then.</summary>
    internal bool Again(int errno)
    {
        if (errno != Errno.EAGAIN || ++_tries > MostTries) { return false; }
        Thread.Sleep(Math.Min(_tries, LongestPause));
        return true;
    }
}
