using System.Runtime.InteropServices;
using Varve.Platform.Terminals;

namespace Varve.App.Host;

/// <summary>SIGUSR1: somebody asks how far the program is. It would end the program if nobody listened.</summary>
internal sealed class StatusRequests : IDisposable
{
    private readonly PosixSignalRegistration _registration;

    /// <summary><paramref name="asked"/> is called each time, on a thread of its own.</summary>
    internal StatusRequests(Action asked) => _registration = PosixSignalRegistration.Create((PosixSignal)OwnSignals.User1, context =>
    {
        context.Cancel = true;
        asked();
    });

    public void Dispose() => _registration.Dispose();
}
