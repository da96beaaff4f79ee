using System.Runtime.InteropServices;

namespace Varve.App.Host;

/// <summary>SIGINT, SIGTERM and SIGHUP: the first cancels, the second ends the program as if nobody had listened.</summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Action _first;

    /// <summary><paramref name="first"/> is called once, on a thread of its own, before the token is cancelled.</summary>
    internal Interrupts(Action first)
    {
        _first = first;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, Handle),
        ];
    }

    /// <summary>Cancelled by the first signal.</summary>
    internal CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) { registration.Dispose(); }

        _source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        if (_source.IsCancellationRequested)
        {
            return; // Not cancelled: the signal's default ends the process.
        }

        context.Cancel = true;
        _first();
        _source.Cancel();
    }
}
