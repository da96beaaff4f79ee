using System.Runtime.InteropServices;

namespace Varve.Platform.Files;

/// <summary>Which threads are served first.</summary>
internal static partial class ThreadRank
{
    /// <summary>Has the calling thread alone served after all who want a processor. What is not allowed changes nothing.</summary>
    internal static void ServeLast() => _ = setpriority(0, 0, 19); // of Linux: 0 is the thread, not the process

    [LibraryImport("libc")] private static partial int setpriority(int which, uint who, int priority);
}
