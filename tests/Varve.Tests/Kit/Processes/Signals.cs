using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Varve.Tests.Kit.Processes;

/// <summary>Sending signals.</summary>
internal static class Signals
{
    internal const int Interrupt = 2, Terminate = 15, Continue = 18, Stop = 19;

    internal static void Send(Process process, int signal) => Assert.Equal(0, kill(process.Id, signal));

    [DllImport("libc")] private static extern int kill(int process, int signal);
}
