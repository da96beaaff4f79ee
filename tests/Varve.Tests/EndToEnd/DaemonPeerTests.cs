using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Processes;

namespace Varve.Tests.EndToEnd;

/// <summary>Whoever talks to the daemon's socket, and however, hinders nobody else.</summary>
public sealed class DaemonPeerTests : IDisposable
{
    private readonly DaemonDesk _d = new();

    public void Dispose() => _d.Dispose();

    [Fact]
    public void Peers_that_say_nothing_or_too_much_are_left_alone_and_others_are_answered()
    {
        Process daemon = _d.StartReady();
        var silent = new List<Socket>();
        try
        {
            for (int i = 0; i < 100; i++) { silent.Add(Connect()); }
            // As many as are served at a time say nothing for some seconds; then there is room.
            Poll.Until(() => _d.Status().GetProperty("running").GetBoolean(), "it answers");
        }
        finally { silent.ForEach(static s => s.Dispose()); }

        foreach (byte[] said in (byte[][])[new byte[1 << 20], "\n"u8.ToArray(), "{}\n"u8.ToArray(), "[[[[[[[[\n"u8.ToArray(),
            "{\"do\":\"run\",\"name\":5}\n"u8.ToArray(), "{\"do\":\"stop\"}\n"u8.ToArray(), "{\"do\":\"status\"\n"u8.ToArray()])
        {
            using Socket peer = Connect();
            peer.SendTimeout = peer.ReceiveTimeout = 60_000;
            try
            {
                peer.Send(said);
                _ = peer.Receive(new byte[1000]);
            }
            catch (SocketException) { /* it has closed */ }
        }

        Assert.False(daemon.HasExited);
        Poll.Until(() => _d.Status().GetProperty("running").GetBoolean(), "it answers");
        DaemonDesk.Stop(daemon);
    }

    [Fact]
    public void Who_follows_and_does_not_read_holds_up_nothing()
    {
        _d.Varve.Succeed("init");
        Process daemon = _d.StartReady();
        using Socket follower = Connect();
        follower.Send(Encoding.UTF8.GetBytes("{\"do\":\"follow\"}\n"));
        _d.Varve.Succeed("add", _d.Desk.Source(), "--every", "10h");
        Poll.Until(() => _d.State("Documents") == "good", "it is saved");
        DaemonDesk.Stop(daemon);
    }

    [Fact]
    public void The_socket_is_for_its_owner_alone()
    {
        _d.StartReady();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_d.Desk["state/control"]));
    }

    [Fact]
    public void What_runs_are_doing_can_be_followed()
    {
        _d.Varve.Succeed("init");
        _d.Varve.Succeed("add", _d.Desk.Source(), "--every", "10h");
        _d.StartReady();
        using Process follower = _d.Varve.Start("status", "--follow", "--json");
        for (int i = 0; i < 2; i++) { Assert.Contains("\"type\":\"status\"", follower.StandardOutput.ReadLine(), StringComparison.Ordinal); }
        Signals.Send(follower, Signals.Interrupt);
        VarveProcess.Finish(follower);
    }

    private Socket Connect()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(_d.Desk["state/control"]));
        return socket;
    }
}
