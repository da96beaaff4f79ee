using System.Runtime.InteropServices;
using Varve.Platform.Terminals;

namespace Varve.App.Host;

/// <summary>What signals mean to something that goes on: SIGINT and SIGTERM that it is to stop, SIGHUP that it is to read again.</summary>
internal sealed class DaemonSignals : IDisposable
{
    private readonly PosixSignalRegistration[] _registrations;

    /// <summary>Each is called every time, on a thread of its own.</summary>
    internal DaemonSignals(Action stop, Action reload) => _registrations =
        [Listen(OwnSignals.Interrupt, stop), Listen(OwnSignals.Terminate, stop), Listen(OwnSignals.HangUp, reload)];

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) { registration.Dispose(); }
    }

    private static PosixSignalRegistration Listen(int signal, Action heard) =>
        PosixSignalRegistration.Create((PosixSignal)signal, context =>
    {
        context.Cancel = true;
        heard();
    });
}
