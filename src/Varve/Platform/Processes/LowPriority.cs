using System.Runtime.InteropServices;

namespace Varve.Platform.Processes;

/// <summary>What a thread gets of processors and disks, and what it starts with it.</summary>
internal static partial class LowPriority
{
    private const int Nice = 10, IdleClass = 3 << 13, OfThread = 1;

    private static long SetIo => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 30 : 251;

    /// <summary>
    /// From now on the calling thread has what others leave, and so has every process that it starts. What is not allowed changes nothing.
    /// </summary>
    internal static void Begin()
    {
        _ = setpriority(0, 0, Nice); // of Linux: 0 is the thread, not the process
        _ = syscall(SetIo, OfThread, 0, IdleClass);
    }

    [LibraryImport("libc")] private static partial int setpriority(int which, uint who, int priority);
    [LibraryImport("libc")] private static partial long syscall(long number, nint which, nint who, nint priority);
}
