using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.App.Daemon.Control;

/// <summary>
/// Unix sockets in a directory for their owner alone. They are reached through the directory's descriptor, so that no path is too long for
/// them.
/// </summary>
internal static class ControlSocket
{
    private const uint OwnersAlone = 0x180;
    private const int FirstHandedOver = 3, SolSocket = 1, PeerCredentials = 17, CredentialBytes = 12;

    /// <summary>Listens there. What an earlier daemon left is replaced: whoever calls has the lock of the one daemon.</summary>
    /// <exception cref="VarveException">Storage.</exception>
    internal static Socket Listen(PrivateDirectory directory)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        byte[] name = Encoding.UTF8.GetBytes(ControlPlace.Name);
        try
        {
            _ = Posix.UnlinkAt(directory.Fd, name);
            socket.Bind(EndPoint(directory));
            int errno = Posix.SetModeAt(directory.Fd, name, OwnersAlone);
            if (errno != 0) { throw new SocketException(errno); }
            socket.Listen(16);
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new VarveException(ErrorKind.Storage, Subject.Path(Path.Combine(directory.Path, ControlPlace.Name)),
                "cannot be listened at: " + e.Message, Advice.NameState, e);
        }
    }

    /// <summary>The socket that systemd listens at and hands over to this process; null if there is none (sd_listen_fds(3)).</summary>
    /// <exception cref="VarveException">Usage: there are several.</exception>
    internal static Socket? HandedOver(Func<string, string?> environment)
    {
        bool isOurs = environment("LISTEN_PID") == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        if (!isOurs || environment("LISTEN_FDS") is not { Length: > 0 } count || count == "0") { return null; }
        return count == "1" ? new Socket(new SafeSocketHandle(FirstHandedOver, ownsHandle: true))
            : throw new VarveException(ErrorKind.Usage, Subject.Request("systemd"),
                $"hands over {count} sockets, and one is listened at: its unit may name no more");
    }

    /// <summary>Connects to whoever listens there; null if nobody does.</summary>
    internal static Socket? Connect(string directory)
    {
        using PrivateDirectory? opened = PrivateDirectory.OpenExisting(directory);
        if (opened is null) { return null; }
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(EndPoint(opened));
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    /// <summary>The user at the other end; null if the kernel does not tell.</summary>
    internal static uint? PeerOf(Socket socket)
    {
        try
        {
            Span<byte> credentials = stackalloc byte[CredentialBytes]; // process, user, group
            return socket.GetRawSocketOption(SolSocket, PeerCredentials, credentials) == CredentialBytes
                ? BinaryPrimitives.ReadUInt32LittleEndian(credentials[4..]) : null;
        }
        catch (SocketException) { return null; }
    }

    private static UnixDomainSocketEndPoint EndPoint(PrivateDirectory directory) =>
        new(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{directory.Fd}/{ControlPlace.Name}"));
}
