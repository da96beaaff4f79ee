using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Varve.Tests.Kit.Processes;

/// <summary>A real sshd on loopback, for the user who runs the tests, with keys and a client's configuration of its own.</summary>
internal sealed class SshServer : IDisposable
{
    private const string Daemon = "/usr/sbin/sshd";

    private readonly ScratchDirectory _d = new();
    private readonly Process _process;

    /// <param name="forced">The command that is run whatever is asked for; null for what is asked for.</param>
    /// <param name="hasSftp">Whether it offers SFTP.</param>
    internal SshServer(string? forced = null, bool hasSftp = true)
    {
        Assert.SkipUnless(File.Exists(Daemon), "openssh-server is not installed");
        Directory.CreateDirectory("/run/sshd");
        foreach (string key in (string[])["host", "id", "other"]) { Programs.Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", At(key)); }
        Directory.CreateDirectory(At("bin"));
        Served = At("served");
        // What is started there tells its number.
        File.WriteAllText(At("bin/varve"), $"#!/bin/sh\necho $$ >>'{Served}'\nexec '{VarveProcess.Program}' \"$@\"\n");
        File.WriteAllText(At("bin/sftp"), $"#!/bin/sh\necho $$ >>'{Served}'\nexec /usr/lib/openssh/sftp-server\n");
        Programs.Run("chmod", "755", At("bin/varve"), At("bin/sftp"));
        Force(forced);
        Port = FreePort();
        File.WriteAllText(At("config"), $"""
            Port {Port}
            ListenAddress 127.0.0.1
            HostKey {At("host")}
            AuthorizedKeysFile {At("keys")}
            PidFile none
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            PermitRootLogin prohibit-password
            SetEnv PATH={At("bin")}:/usr/bin:/bin
            {(hasSftp ? $"Subsystem sftp {At("bin/sftp")}" : "")}

            """);
        Know("host");
        File.WriteAllText(At("client"), $"""
            Host there
                HostName 127.0.0.1
                Port {Port}
                User {Environment.UserName}
                IdentityFile {At("id")}
                IdentitiesOnly yes
                UserKnownHostsFile {At("known")}
                StrictHostKeyChecking yes

            """);
        _process = Process.Start(new ProcessStartInfo(Daemon, ["-D", "-e", "-f", At("config")]) { RedirectStandardError = true })!;
        _ = _process.StandardError.ReadToEndAsync();
        Poll.Until(() =>
        {
            Assert.False(_process.HasExited, "sshd ended");
            try
            {
                using var client = new TcpClient("127.0.0.1", Port);
                return true;
            }
            catch (SocketException) { return false; }
        }, "sshd answers");
    }

    /// <summary>Its port.</summary>
    internal int Port { get; }

    /// <summary>A file with the process ids of what was started there.</summary>
    internal string Served { get; }

    /// <summary>The ssh that gets there: what VARVE_SSH is.</summary>
    internal string Command => $"ssh -F {At("client")}";

    /// <summary>The process that was started there last.</summary>
    internal int LastServed => int.Parse(File.ReadAllLines(Served)[^1], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Which command is run from now on.</summary>
    internal void Force(string? command) => File.WriteAllText(At("keys"), (command is null ? "restrict " : $"restrict,command=\"{command}\" ")
        + File.ReadAllText(At("id.pub")));

    /// <summary>Which key the client knows the host by from now on.</summary>
    internal void Know(string key) =>
        File.WriteAllText(At("known"), $"[127.0.0.1]:{Port} {string.Join(' ', File.ReadAllText(At(key + ".pub")).Split(' ')[..2])}\n");

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        _d.Dispose();
    }

    private string At(string name) => Path.Combine(_d.Path, name);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
