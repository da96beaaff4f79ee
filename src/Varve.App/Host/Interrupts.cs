using Varve.App.Settings.Values;
using System.Runtime.InteropServices;
using Varve.App.Settings.Table;
using Varve.Platform.Terminals;

namespace Varve.App.Host;

/// <summary>SIGINT, SIGTERM and SIGHUP: the first cancels, the second ends the program as if nobody had listened.</summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Action _first;
    private int _signal;

    /// <summary>
    /// <paramref name="first"/> is called once, on a thread of its own, before <paramref name="source"/> is cancelled, which stays its
    /// owner's.
    /// </summary>
    internal Interrupts(CancellationTokenSource source, Action first)
    {
        (_source, _first) = (source, first);
        _registrations = [Listen(OwnSignals.Interrupt), Listen(OwnSignals.Terminate), Listen(OwnSignals.HangUp)];
    }

    /// <summary>Cancelled by the first signal.</summary>
    internal CancellationToken Token => _source.Token;

    /// <summary>The exit code of a program that the first signal ended, as shells count them; that of Ctrl-C if there was none.</summary>
    internal int ExitCode => Volatile.Read(ref _signal) switch
    {
        OwnSignals.Terminate => ExitCodes.Terminated,
        OwnSignals.HangUp => ExitCodes.HungUp,
        _ => ExitCodes.Interrupted,
    };

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) { registration.Dispose(); }
    }

    private PosixSignalRegistration Listen(int signal) => PosixSignalRegistration.Create((PosixSignal)signal, context =>
    {
        context.Cancel = true;
        if (_source.IsCancellationRequested)
        {
            OwnSignals.EndBy(signal);
            return;
        }

        Volatile.Write(ref _signal, signal);
        _first();
        _source.Cancel();
    });
}
