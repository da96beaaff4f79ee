using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Varve.App.Daemon.Control;
using Varve.App.Daemon.Runs;
using Varve.App.Output.Daemon;
using Varve.App.Settings.Configuration;
using Varve.Platform.Files;
using Varve.Tests.Architecture;
using Varve.Tests.Kit;

namespace Varve.Tests.App.Daemon;

/// <summary>What Prometheus is told, as its own client for Python reads it.</summary>
public sealed class MetricsTests : IDisposable
{
    private const string Judge = """
        import json, sys
        from prometheus_client.parser import text_string_to_metric_families
        for family in text_string_to_metric_families(open(sys.argv[1]).read()):
            assert family.documentation, family.name
            for s in family.samples:
                print(json.dumps({"name": s.name, "type": family.type, "labels": s.labels, "value": s.value}))
        """;

    private readonly LoopRig _rig = new();
    private readonly ScratchDirectory _d = new();

    public void Dispose()
    {
        _rig.Dispose();
        _d.Dispose();
    }

    private string Place => Path.Combine(_d.Path, "varve.prom");

    [Fact]
    public void All_that_is_documented_is_told_and_nothing_else()
    {
        Dictionary<string, double> said = Read(MetricsText.Of(Status("good")));
        string[] documented = [.. File.ReadAllLines(Path.Combine(SourceTree.Root(), "docs/operations.md"))
            .Where(static l => l.StartsWith("| `varve_", StringComparison.Ordinal)).Select(static l => l.Split('`')[1].Split('{')[0])];
        Assert.Equal(MetricsText.All.Select(static m => m.Name), documented);
        Assert.Equal(documented.Order(), said.Keys.Select(static k => k.Split('{')[0]).Distinct().Order());
    }

    [Fact]
    public void Values_are_those_of_the_status()
    {
        Dictionary<string, double> said = Read(MetricsText.Of(Status("incomplete")));
        Assert.Equal(1, said["varve_info{version=1.2.3}"]);
        Assert.Equal(1_764_498_600.5, said["varve_start_timestamp_seconds{}"]);
        const string Labels = "{kind=backup,name=a\"b\\c\nd}";
        Assert.Equal((0.0, 7.0, 5.0),
            (said["varve_job_healthy" + Labels], said["varve_job_unsaved_paths" + Labels], said["varve_job_files" + Labels]));
        Assert.Equal(1_764_498_700, said["varve_job_last_good_timestamp_seconds" + Labels]);
    }

    [Fact]
    public void What_is_not_known_is_not_told()
    {
        var status = new StatusReport
        {
            StateDirectory = "/s", Jobs = [new JobReport { Name = "a", Kind = "backup", Schedule = "every 1h", State = JobStates.New }],
        };
        Assert.DoesNotContain("varve_job_last_good_timestamp_seconds", Read(MetricsText.Of(status)).Keys.Select(static k => k.Split('{')[0]));
        Assert.NotEmpty(Read(MetricsText.Of(new StatusReport { StateDirectory = "/s" })));
    }

    [Fact]
    public void The_daemon_writes_them_into_a_file_in_one_step_for_all_to_read()
    {
        _rig.Config = ConfigParser.Parse("c", $"daemon: {{metrics-file: {Place}}}\n");
        _rig.Watch("docs", "1h");
        FileStream? first = null;
        _rig.After(0.1, () => first = File.OpenRead(Place));
        _rig.Runs.Script = static _ => (TimeSpan.FromSeconds(20), new RunOutcome { State = JobStates.Failed, Message = "no" });
        _rig.Run(minutes: 5);
        using (first)
        {
            // Who had it open has it as it was.
            Assert.Equal(1, Read(new StreamReader(first!).ReadToEnd())["varve_job_running{kind=backup,name=docs}"]);
        }

        Dictionary<string, double> said = Read(File.ReadAllText(Place));
        Assert.Equal((0.0, 0.0, 1.0), (said["varve_job_running{kind=backup,name=docs}"], said["varve_job_healthy{kind=backup,name=docs}"],
            said["varve_job_failures{kind=backup,name=docs}"]));
        Assert.Equal([Place], Directory.GetFiles(_d.Path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
            File.GetUnixFileMode(Place));
    }

    [Fact]
    public void Where_they_cannot_be_written_that_is_told_once_and_nothing_else_suffers()
    {
        _rig.Config = ConfigParser.Parse("c", $"daemon: {{metrics-file: {_d.Path}/nothing/varve.prom}}\n");
        _rig.Watch("docs", "15m");
        _rig.Run(minutes: 120);
        Assert.Equal(8, _rig.Begun("docs").Count);
        Assert.Single(_rig.Log.Split('\n'), static l => l.Contains("metrics cannot be written", StringComparison.Ordinal));
    }

    [Fact]
    public void A_link_in_the_place_of_the_temporary_file_is_not_followed()
    {
        string other = Path.Combine(_d.Path, "other");
        File.WriteAllText(other, "mine");
        File.CreateSymbolicLink(Path.Combine(_d.Path, ".varve.prom.varve"), other);
        _rig.Config = ConfigParser.Parse("c", $"daemon: {{metrics-file: {Place}}}\n");
        _rig.Run(minutes: 1);
        Assert.Equal("mine", File.ReadAllText(other));
        Assert.NotEmpty(Read(File.ReadAllText(Place)));
    }

    [Fact]
    public void The_socket_serves_them_by_http()
    {
        using var directory = PrivateDirectory.Open(Path.Combine(_d.Path, "c"), Subject.Path(_d.Path), Advice.NameState);
        using var inbox = new Inbox();
        var board = new StatusBoard();
        board.Publish(Status("good"), new Dictionary<string, IRun>());
        using var server = new ControlServer(ControlSocket.Listen(directory), isOwn: true, inbox, board, TimeSpan.FromSeconds(30));
        using var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancelled) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(_d.Path, "c", "control")), cancelled);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        using HttpResponseMessage answer = client.Send(new HttpRequestMessage(HttpMethod.Get, "http://varve/metrics"));
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        using var reader = new StreamReader(answer.Content.ReadAsStream());
        Assert.Equal(MetricsText.Of(Status("good")), reader.ReadToEnd());
        foreach ((HttpMethod method, string path, HttpStatusCode code) in ((HttpMethod, string, HttpStatusCode)[])
            [(HttpMethod.Head, "/metrics", HttpStatusCode.OK), (HttpMethod.Get, "/metrics?x", HttpStatusCode.OK),
            (HttpMethod.Get, "/", HttpStatusCode.NotFound), (HttpMethod.Post, "/metrics", HttpStatusCode.MethodNotAllowed)])
        {
            using HttpResponseMessage other = client.Send(new HttpRequestMessage(method, "http://varve" + path));
            Assert.Equal(code, other.StatusCode);
        }
    }

    private Dictionary<string, double> Read(string text)
    {
        string file = Path.Combine(_d.Path, "judged");
        File.WriteAllText(file, text);
        string lines = Programs.Run("/usr/bin/python3", "-c", Judge, file);
        File.Delete(file);
        var values = new Dictionary<string, double>();
        foreach (string line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var sample = JsonDocument.Parse(line);
            Assert.Equal("gauge", sample.RootElement.GetProperty("type").GetString());
            string labels = string.Join(',', sample.RootElement.GetProperty("labels").EnumerateObject()
                .OrderBy(static l => l.Name, StringComparer.Ordinal).Select(static l => $"{l.Name}={l.Value.GetString()}"));
            values.Add($"{sample.RootElement.GetProperty("name").GetString()}{{{labels}}}",
                sample.RootElement.GetProperty("value").GetDouble());
        }

        return values;
    }

    private static StatusReport Status(string state) => new()
    {
        Running = true, Since = "2025-11-30T10:30:00.500000000Z", Program = "1.2.3", StateDirectory = "/s",
        Jobs =
        [
            new JobReport
            {
                Name = "a\"b\\c\nd", Kind = "backup", Schedule = "every 1h", State = state, FailureCount = 7, Files = 5, Bytes = 6,
                LastStart = "2025-11-30T10:31:00Z", LastEnd = "2025-11-30T10:31:30Z", LastGood = "2025-11-30T10:31:40.000000000Z",
                Next = "2025-11-30T11:31:00Z",
            },
        ],
    };
}
