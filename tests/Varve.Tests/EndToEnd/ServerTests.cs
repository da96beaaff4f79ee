using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Varve.App.Settings.Values;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Judges;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Stores;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>A repository behind <c>varve serve</c>, and machines that may do more or less with it.</summary>
public sealed class ServerTests : IDisposable
{
    private readonly Desk _desk = new();
    private readonly TestAuthority _authority;
    private readonly List<Process> _servers = [];
    private readonly string _machine, _admin;
    private int _port;

    public ServerTests()
    {
        Directory.CreateDirectory(_desk["tls"]);
        _authority = new TestAuthority(_desk["tls"]);
        _authority.Issue("server");
        _machine = Token("machine.token");
        _admin = Token("admin.token");
        _desk.Varve.Environment["VARVE_KEY_FILE"] = _desk["key"];
        _desk.Varve.Environment["VARVE_CA_FILE"] = _authority.AuthorityFile;
        _desk.Varve.Environment["VARVE_TOKEN_FILE"] = _desk["machine.token"];
    }

    public void Dispose()
    {
        foreach (Process server in _servers.Where(static s => !s.HasExited))
        {
            server.Kill();
            server.WaitForExit();
        }

        _authority.Dispose();
        _desk.Dispose();
    }

    [Fact]
    public void A_machine_that_may_add_backs_up_and_takes_nothing_away_and_an_administrator_prunes()
    {
        Configure();
        Start("--listen", "127.0.0.1:0");
        string source = _desk.Source();
        _desk.Varve.Succeed("init");
        _desk.Varve.Succeed("backup", source);
        _desk.Write("Documents/later.txt", "later");
        _desk.Varve.Succeed("backup", source);
        string before = Listing();
        foreach (string[] command in (string[][])[["forget", "--keep-last", "1"], ["prune"], ["key", "remove", "user"]])
        {
            Assert.NotEqual(0, _desk.Varve.Run(command).ExitCode);
            Assert.Equal(before, Listing());
        }

        Assert.Contains("do it on the machine that has the repository", _desk.Varve.Run("forget", "--keep-last", "1").Error);
        _desk.Varve.Succeed("restore", "--target", _desk["restored"]);
        Assert.Equal("", RsyncJudge.Compare(source, _desk["restored"]));
        Assert.Equal(ExitCodes.Failed, _desk.Varve.Run("snapshots", "-r", Address("other")).ExitCode);

        _desk.Varve.Environment["VARVE_TOKEN_FILE"] = _desk["admin.token"];
        _desk.Varve.Succeed("forget", "--keep-last", "1");
        _desk.Varve.Succeed("prune");
        _desk.Varve.Succeed("check", "--read-data");
        Assert.Single(_desk.Varve.Succeed("snapshots", "--json").Json);
        // The same repository where it lies.
        Assert.Single(_desk.Varve.Succeed("snapshots", "--json", "-r", _desk["laptop"]).Json);
    }

    [Fact]
    public void A_wrong_token_a_strange_certificate_and_a_stranger_at_the_address_are_each_said_so()
    {
        Configure();
        Start("--listen", "127.0.0.1:0");
        _desk.Varve.Environment["VARVE_TOKEN_FILE"] = "";
        _desk.Varve.Environment["VARVE_TOKEN"] = "varve_secret";
        VarveResult unknown = _desk.Varve.Run("init").Expect(ExitCodes.Failed);
        Assert.Contains("the server does not know who asks", unknown.Error);
        Assert.Contains("--token-file", unknown.Error);
        Assert.DoesNotContain("varve_secret", unknown.Error, StringComparison.Ordinal);
        Assert.Contains("--ca-file", _desk.Varve.Run("init", "--ca-file", Other()).Expect(ExitCodes.Failed).Error);
        Assert.Contains("does not exist", _desk.Varve.Run("init", "--token-file", _desk["none"]).Expect(ExitCodes.Usage).Error);
        VarveResult nobody = _desk.Varve.Run("init", "-r", $"https://localhost:{Free()}/laptop").Expect(ExitCodes.Failed);
        Assert.Contains("cannot be reached", nobody.Error);
        Assert.Equal(ExitCodes.Usage, _desk.Varve.Run("init", "-r", "https://ada:secret@localhost/laptop").ExitCode);
    }

    [Fact]
    public void A_configuration_that_is_read_again_lets_in_who_is_new_and_a_wrong_one_changes_nothing()
    {
        Configure();
        Process server = Start("--listen", "127.0.0.1:0");
        string late = Token("late.token");
        Assert.NotEqual(0, _desk.Varve.Run("init", "--token-file", _desk["late.token"]).ExitCode);
        File.WriteAllText(_desk["server.yaml"], "server: {}");
        Signals.Send(server, Signals.HangUp);
        Said("the configuration before is used on");
        Configure($"\n    - {{name: late, token: '{late}', repositories: {{laptop: full}}}}");
        Signals.Send(server, Signals.HangUp);
        Said("the configuration was read again: 3 clients");
        _desk.Varve.Succeed("init", "--token-file", _desk["late.token"]);
        Signals.Send(server, Signals.Terminate);
        Assert.True(server.WaitForExit(Within.Limit));
        Assert.Equal(0, server.ExitCode);
    }

    [Fact]
    public void A_server_that_is_killed_and_begun_again_is_the_same_and_the_backup_goes_on()
    {
        Configure();
        Process server = Start("--listen", $"127.0.0.1:{Free()}");
        _desk.Varve.Succeed("init");
        using var gates = new Gates(Varve.Platform.Gate.Frozen);
        using Process backup = _desk.Varve.StartHeld(gates, "backup", _desk.Source());
        gates.Await(Varve.Platform.Gate.Frozen, backup);
        server.Kill();
        server.WaitForExit();
        Start("--listen", $"127.0.0.1:{_port}");
        gates.Open(Varve.Platform.Gate.Frozen);
        VarveProcess.Finish(backup).Expect(0);
        _desk.Varve.Succeed("check", "--read-data");
    }

    [Fact]
    public void A_server_that_is_not_there_yet_is_waited_for_when_asked()
    {
        Configure();
        int port = Free();
        _desk.Varve.Environment["VARVE_REPO"] = $"https://localhost:{port}/laptop";
        using Process init = _desk.Varve.Start("init", "--wait-for-store", "10m");
        var said = new StringBuilder(); // guarded by itself
        init.ErrorDataReceived += (_, e) => { lock (said) { said.AppendLine(e.Data); } };
        init.BeginErrorReadLine();
        Poll.Until(() => { lock (said) { return said.ToString().Contains("retrying: ", StringComparison.Ordinal); } }, "it waits");
        Start("--listen", $"127.0.0.1:{port}");
        Assert.True(init.WaitForExit(Within.Limit));
        Assert.Equal(0, init.ExitCode);
        Assert.Contains("it is tried again in ", said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_socket_that_systemd_hands_over_is_listened_at()
    {
        Configure();
        int port = Free();
        Activate([port]);
        _desk.Varve.Environment["VARVE_REPO"] = $"https://localhost:{port}/laptop";
        _desk.Varve.Succeed("init");
        _desk.Varve.Succeed("backup", _desk.Source());
    }

    [Fact]
    public void Sockets_of_systemd_that_would_not_be_listened_at_are_refused()
    {
        Configure();
        Assert.Contains("hands over 2 sockets", Refused([Free(), Free()]), StringComparison.Ordinal);
        Assert.Contains("--listen contradicts the socket", Refused([Free()], "--listen", "127.0.0.1:0"), StringComparison.Ordinal);
        _desk.Write("start.sh",
            $"export LISTEN_PID=$$ LISTEN_FDS=1\nexec '{VarveProcess.Program}' serve --config '{_desk["server.yaml"]}' 2>&1 3</dev/null\n");
        string empty = Programs.Run("sh", "-c", $"sh '{_desk["start.sh"]}' || true");
        Assert.Contains("the socket cannot be listened at", empty, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_and_a_certificates_key_that_others_may_read_are_used_and_that_is_said()
    {
        string shown = _authority.Issue("shown");
        string pem = _desk["shown.pem"];
        File.WriteAllText(pem, File.ReadAllText(_authority.At("shown.pem")) + File.ReadAllText(_authority.At("shown.key")));
        Configure($"\n    - {{name: shown, certificate: 'sha256:{shown}', repositories: {{laptop: full}}}}");
        Start("--listen", "127.0.0.1:0");
        Assert.DoesNotContain("may read it", _desk.Varve.Succeed("init").Error, StringComparison.Ordinal);
        const UnixFileMode Open = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead;
        File.SetUnixFileMode(_desk["machine.token"], Open);
        Assert.Contains("machine.token is not safe: others than its owner may read it", _desk.Varve.Succeed("snapshots").Error);
        _desk.Varve.Environment["VARVE_TOKEN_FILE"] = "";
        File.SetUnixFileMode(pem, Open);
        Assert.Contains("shown.pem is not safe: others than its owner may read it",
            _desk.Varve.Succeed("snapshots", "--client-certificate", pem).Error);
    }

    [Fact]
    public void Without_a_server_in_the_configuration_it_says_what_is_missing()
    {
        Assert.Contains("there is no configuration of a server", _desk.Varve.Run("serve").Expect(ExitCodes.Usage).Error);
        _desk.Write("server.yaml", "repositories: []");
        Assert.Contains("it has no 'server'", _desk.Varve.Run("serve", "--config", _desk["server.yaml"]).Expect(ExitCodes.Usage).Error);
        Configure();
        Assert.Contains("where to listen", _desk.Varve.Run("serve", "--config", _desk["server.yaml"]).Expect(ExitCodes.Usage).Error);
        Assert.Equal(ExitCodes.Failed, _desk.Varve.Run("serve", "--config", _desk["server.yaml"], "--listen", "192.0.2.1:1").ExitCode);
    }

    private void Configure(string more = "") => _desk.Write("server.yaml", $$$"""
        repositories:
          - {name: laptop, address: '{{{_desk["laptop"]}}}'}
          - {name: other, address: '{{{_desk["other"]}}}'}
        server:
          certificate: {{{_authority.At("server.pem")}}}
          key: {{{_authority.At("server.key")}}}
          clients:
            - {name: machine, token: '{{{_machine}}}', repositories: {laptop: append}}
            - {name: admin, token: '{{{_admin}}}', repositories: {laptop: full, other: full}}
        """ + more + "\n");

    /// <summary>Makes a token as a person does, and returns its hash.</summary>
    private string Token(string file)
    {
        string[] lines = _desk.Varve.Succeed("serve", "--new-token").Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        File.WriteAllText(_desk[file], lines[0]["token: ".Length..].Trim() + "\n");
        File.SetUnixFileMode(_desk[file], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return lines[1]["hash:".Length..].Trim();
    }

    private readonly StringBuilder _said = new(); // guarded by itself

    private Process Start(params string[] words)
    {
        Process server = _desk.Varve.Start(["serve", "--config", _desk["server.yaml"], .. words]);
        Hear(server);
        Said("listening at https://127.0.0.1:");
        string text;
        lock (_said) { text = _said.ToString(); }
        const string Begin = "https://127.0.0.1:";
        int at = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        _port = int.Parse(text.AsSpan(at, text.AsSpan(at).IndexOf(',')), System.Globalization.CultureInfo.InvariantCulture);
        _desk.Varve.Environment["VARVE_REPO"] = Address("laptop");
        return server;
    }

    /// <summary>A server that systemd starts when somebody connects.</summary>
    private Process Activate(int[] ports, params string[] words)
    {
        Shells.Needs("systemd-socket-activate");
        var start = new ProcessStartInfo("systemd-socket-activate", [.. ports.Select(static p => $"--listen=127.0.0.1:{p}"),
            "--setenv=HOME=" + _desk["home"], VarveProcess.Program, "serve", "--config", _desk["server.yaml"], .. words])
        { RedirectStandardError = true, RedirectStandardOutput = true };
        var server = Process.Start(start)!;
        Hear(server);
        Poll.Until(() => ports.All(Listens), "systemd listens");
        return server;
    }

    /// <summary>What a server says that systemd starts, and that ends at once.</summary>
    private string Refused(int[] ports, params string[] words)
    {
        Process server = Activate(ports, words);
        using (var client = new TcpClient()) { client.Connect(IPAddress.Loopback, ports[0]); }
        Assert.True(server.WaitForExit(Within.Limit));
        server.WaitForExit(); // and what it said has come
        Assert.Equal(ExitCodes.Usage, server.ExitCode);
        lock (_said) { return _said.ToString(); }
    }

    /// <summary>Takes a server that was started, and hears from now on what it says.</summary>
    private void Hear(Process server)
    {
        _servers.Add(server);
        lock (_said) { _said.Clear(); }
        server.ErrorDataReceived += (_, e) => { lock (_said) { _said.AppendLine(e.Data); } };
        server.BeginErrorReadLine();
        server.OutputDataReceived += static (_, _) => { };
        server.BeginOutputReadLine();
    }

    private void Said(string what) => Poll.Until(() => { lock (_said) { return _said.ToString().Contains(what, StringComparison.Ordinal); } },
        $"it says '{what}'");

    private string Address(string name) => $"https://localhost:{_port}/{name}";

    private string Other()
    {
        Directory.CreateDirectory(_desk["elsewhere"]);
        using var other = new TestAuthority(_desk["elsewhere"]);
        return other.AuthorityFile;
    }

    private string Listing() => Programs.Run("find", _desk["laptop"], "-type", "f", "-not", "-path", "*/sessions/*", "-printf", "%P %s %T@\n");

    private static int Free()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    // Whoever connects has it started: so the kernel is asked.
    private static bool Listens(int port) => File.ReadAllText("/proc/net/tcp")
        .Contains($"0100007F:{port:X4} 00000000:0000 0A", StringComparison.Ordinal);
}
