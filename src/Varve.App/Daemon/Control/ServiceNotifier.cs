using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Varve.App.Daemon.Control;

/// <summary>
/// Tells systemd how the service is: a datagram each to the socket that it names (sd_notify(3)). Without systemd nothing happens, and what
/// cannot be sent is not: the service is what matters. Not thread-safe.
/// </summary>
internal sealed class ServiceNotifier : IDisposable
{
    private readonly Socket? _socket;
    private readonly UnixDomainSocketEndPoint? _place;
    private readonly TimeProvider _time;
    private string _status = "";

    internal ServiceNotifier(Func<string, string?> environment, TimeProvider time)
    {
        _time = time;
        if (long.TryParse(environment("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out long microseconds)
            && (environment("WATCHDOG_PID") is not { Length: > 0 } process
            || process == Environment.ProcessId.ToString(CultureInfo.InvariantCulture)))
        {
            // Three chances before it is believed to hang.
            PetEvery = TimeSpan.FromMicroseconds(microseconds / 3.0);
        }

        if (environment("NOTIFY_SOCKET") is not { Length: > 1 } place) { return; }
        try
        {
            _place = new UnixDomainSocketEndPoint(place[0] == '@' ? '\0' + place[1..] : place);
            _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
        }
        catch (Exception e) when (e is SocketException or ArgumentException) { _socket = null; }
    }

    /// <summary>How often <see cref="Pet"/> is to be called at least; null if nobody waits for it.</summary>
    internal TimeSpan? PetEvery { get; }

    /// <summary>All is ready, at the beginning or after <see cref="Reloading"/>.</summary>
    internal void Ready() => Send("READY=1");

    /// <summary>The configuration is read again.</summary>
    internal void Reloading() => Send(string.Create(CultureInfo.InvariantCulture,
        $"RELOADING=1\nMONOTONIC_USEC={(long)(_time.GetTimestamp() * (1_000_000.0 / _time.TimestampFrequency))}"));

    /// <summary>It comes to an end.</summary>
    internal void Stopping() => Send("STOPPING=1");

    /// <summary>It does not hang.</summary>
    internal void Pet() => Send("WATCHDOG=1");

    /// <summary>What <c>systemctl status</c> shows; said once.</summary>
    internal void Status(string text)
    {
        if (text == _status) { return; }
        _status = text;
        Send("STATUS=" + text.ReplaceLineEndings(" "));
    }

    private void Send(string state)
    {
        if (_socket is null || _place is null) { return; }
        try { _socket.SendTo(Encoding.UTF8.GetBytes(state), _place); }
        catch (SocketException) { /* nobody listens, or there is no room: the next one may come through */ }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket?.Dispose();
}
