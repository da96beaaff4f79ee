using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Varve.Tests.Kit.Processes;

/// <summary>Sending signals.</summary>
internal static class Signals
{
    internal const int HangUp = 1, Interrupt = 2, Quit = 3, Terminate = 15, Continue = 18, Stop = 19, TerminalStop = 20;

    internal static void Send(Process process, int signal) => Assert.Equal(0, kill(process.Id, signal));

    [DllImport("libc")] private static extern int kill(int process, int signal);
}
