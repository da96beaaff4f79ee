using System.Runtime.InteropServices;

namespace Varve.Platform.Terminals;

/// <summary>
/// What signals do to this process where nobody cares for them. The runtime listens to some that a program listens to, and from then on
/// does not always do the system's default where the program lets it (SIGQUIT and SIGTSTP in .NET 10): so that is done here.
/// Any thread may call.
/// </summary>
internal static unsafe partial class OwnSignals
{
    /// <summary>Their numbers, the same on all architectures that the program runs on.</summary>
    internal const int HangUp = 1, Interrupt = 2, Quit = 3, User1 = 10, Terminate = 15, Continue = 18, Stop = 19, TerminalStop = 20;

    private const int Words = 64; // struct sigaction begins with the handler; more than any libc has

    /// <summary>Whether whoever started the process had it ignore a signal, as nohup does: then it is to go on being ignored.</summary>
    internal static bool IsIgnored(int signal)
    {
        const nint SIG_IGN = 1;
        nint* action = stackalloc nint[Words];
        return sigaction(signal, null, action) == 0 && action[0] == SIG_IGN;
    }

    /// <summary>Ends the process by a signal, as if nobody had listened to it.</summary>
    internal static void EndBy(int signal)
    {
        nint* action = stackalloc nint[Words]; // SIG_DFL is 0
        new Span<nint>(action, Words).Clear();
        _ = sigaction(signal, action, null);
        _ = kill(getpid(), signal);
    }

    /// <summary>Sends a process a signal; one that is gone gets none.</summary>
    internal static void Send(int process, int signal) => _ = kill(process, signal);

    /// <summary>Stops the process; returns when somebody has it go on.</summary>
    internal static void Suspend() => _ = kill(getpid(), Stop);

    [LibraryImport("libc")] private static partial int sigaction(int signal, nint* action, nint* before);
    [LibraryImport("libc")] private static partial int kill(int process, int signal);
    [LibraryImport("libc")] private static partial int getpid();
}
