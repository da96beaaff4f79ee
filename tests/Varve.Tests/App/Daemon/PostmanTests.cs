using System.Text.Json;
using Varve.App.Daemon.Control;
using Varve.App.Daemon.Notices;
using Varve.App.Daemon.Watch;
using Varve.App.Output;
using Varve.App.Settings.Configuration;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Processes;

namespace Varve.Tests.App.Daemon;

/// <summary>Notices and pings on their way.</summary>
public sealed class PostmanTests : IDisposable
{
    private readonly ScratchDirectory _d = new();
    private readonly StringWriter _log = new() { NewLine = "\n" };
    private readonly HttpPeer _peer = new();
    private readonly FakeTime _time = new();
    private readonly StateDirectory _state;
    private Postman _postman;
    private Errands? _letters, _pings;

    public PostmanTests()
    {
        _state = StateDirectory.Open(Path.Combine(_d.Path, "state"));
        _postman = Start();
    }

    public void Dispose()
    {
        _postman.Dispose();
        _state.Dispose();
        _peer.Dispose();
        _log.Dispose();
        _d.Dispose();
    }

    [Fact]
    public void A_webhook_gets_an_object()
    {
        Use($"webhook: '{_peer.Url}/hook'");
        Tell(NoticeEvents.Failure);
        (string line, string body) = Assert.Single(_peer.Asked);
        Assert.Equal("POST /hook", line);
        using var posted = JsonDocument.Parse(body);
        Assert.Equal("failure|docs|backup|here|2026-11-22T10:00:00Z|no disk|mount it|2026-11-21T10:00:00Z",
            string.Join('|', ((string[])["event", "job", "kind", "host", "time", "message", "hint", "lastGood"])
                .Select(n => posted.RootElement.GetProperty(n).GetString())));
        Assert.StartsWith("Varve on here: docs failed\n", posted.RootElement.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Empty(Files());
        Assert.Equal("", _log.ToString());
    }

    [Fact]
    public void A_command_gets_variables_and_the_text()
    {
        const string Echo = "echo \"$VARVE_EVENT/$VARVE_JOB/$VARVE_KIND/$VARVE_SUBJECT/$VARVE_MESSAGE/$VARVE_LAST_GOOD\"";
        Use($"command: '{Echo} >{_d.Path}/it; cat >>{_d.Path}/it'");
        Tell(NoticeEvents.Alert);
        string[] lines = File.ReadAllLines(Path.Combine(_d.Path, "it"));
        Assert.Equal("alert/docs/backup/Varve on here: docs was not saved for too long/no disk/2026-11-21T10:00:00Z", lines[0]);
        Assert.Equal(["Varve on here: docs was not saved for too long", "", "no disk", "mount it", "Last good: 2026-11-21 10:00:00 UTC",
            "Time: 2026-11-22 10:00:00 UTC"], lines[1..]);
    }

    [Fact]
    public void What_does_not_come_through_is_tried_again_ever_later_and_told_once()
    {
        Use($"webhook: '{_peer.Url}/secret'");
        int answers = 0;
        _peer.Status = _ => ++answers < 4 ? 500 : 204;
        Tell(NoticeEvents.Failure);
        Assert.Single(_peer.Asked);
        foreach (int minutes in (int[])[1, 2, 4])
        {
            int before = _peer.Asked.Length;
            _time.Advance((minutes * 60) - 10);
            DoDue();
            Assert.Equal(before, _peer.Asked.Length);
            _time.Advance(10);
            DoDue();
            Assert.Equal(before + 1, _peer.Asked.Length);
        }

        Assert.Empty(Files());
        Assert.Contains("127.0.0.1 answered 500", Assert.Single(_log.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Who_has_it_is_not_told_again_when_another_has_not()
    {
        Use($"webhook: '{_peer.Url}/a'", $"webhook: '{_peer.Url}/b'");
        _peer.Status = static line => line.EndsWith('b') ? 503 : 200;
        Tell(NoticeEvents.Failure);
        _time.Advance(3600);
        DoDue();
        Assert.Equal(["POST /a", "POST /b", "POST /b"], _peer.Asked.Select(static a => a.Line));
    }

    [Fact]
    public void What_was_not_told_the_next_daemon_tells_and_what_is_decided_twice_it_tells_once()
    {
        _peer.Status = static _ => 500;
        Use($"webhook: '{_peer.Url}/hook'");
        Tell(NoticeEvents.Failure);
        Assert.Single(Files());
        _postman.Dispose();
        _peer.Status = static _ => 200;
        _postman = Start();
        Use($"webhook: '{_peer.Url}/hook'");
        DoDue();
        Tell(NoticeEvents.Failure);
        Assert.Equal(2, _peer.Asked.Length);
        Assert.Empty(Files());
    }

    [Fact]
    public void After_three_days_it_is_given_up()
    {
        Use("command: 'exit 3'");
        Tell(NoticeEvents.Failure);
        for (int hours = 0; hours < 75; hours++)
        {
            _time.Advance(3600);
            DoDue();
        }

        Assert.Empty(Files());
        Assert.Contains("by command did not come through, and is tried again: the command ended with exit code 3", _log.ToString(),
            StringComparison.Ordinal);
        Assert.Contains("this notice was given up: Varve on here: docs failed", _log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_is_told_nothing_any_more_is_in_nobodys_way()
    {
        Use("command: 'exit 3'");
        Tell(NoticeEvents.Failure);
        Use();
        _time.Advance(3600);
        DoDue();
        Assert.Empty(Files());
        Tell(NoticeEvents.Recovery);
        Assert.Empty(Files());
    }

    [Fact]
    public void A_ping_is_tried_for_ten_minutes_and_nothing_of_its_url_is_logged_but_the_host()
    {
        _peer.Status = static _ => 500;
        _postman.Ping(_peer.Url + "/very-secret", PingKinds.Fail, "docs: failed");
        for (int minutes = 0; minutes < 60; minutes++)
        {
            DoDue();
            _time.Advance(60);
        }

        Assert.Equal(4, _peer.Asked.Length); // at 0, 1, 3 and 7
        Assert.All(_peer.Asked, static a => Assert.Equal(("POST /very-secret/fail", "docs: failed"), a));
        Assert.Contains("the ping to 127.0.0.1 was given up", _log.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", _log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nobody_listens_the_host_is_named_and_not_the_path()
    {
        string url = _peer.Url;
        _peer.Dispose();
        Use($"webhook: '{url}/very-secret'");
        Tell(NoticeEvents.Failure);
        Assert.Contains("refused", _log.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", _log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_gives_a_notice_waits_for_nobody()
    {
        using var threaded = new Postman(_state.Notices, Log(), "here", static _ => null, TimeProvider.System,
            new Errands(TimeProvider.System, static () => 0.5, "letters"), new Errands(TimeProvider.System, static () => 0.5, "pings"));
        using var held = new ManualResetEventSlim();
        _peer.Status = _ =>
        {
            held.Wait(Within.Limit);
            return 200;
        };
        threaded.Use(Config($"webhook: '{_peer.Url}/hook'"));
        threaded.Tell(Notice(NoticeEvents.Failure)); // comes back while the answer is held
        Assert.Single(Files());
        held.Set();
        Poll.Until(() => Files().Length == 0, "it is told");
    }

    // Without threads: what is due is done when that is said.
    private Postman Start()
    {
        (_letters, _pings) = (new Errands(_time, static () => 0.5, null), new Errands(_time, static () => 0.5, null));
        return new Postman(_state.Notices, Log(), "here", static _ => null, _time, _letters, _pings);
    }

    private void DoDue()
    {
        _letters!.DoDue();
        _pings!.DoDue();
    }

    private DaemonLog Log() => new(new StatusLine(_log, terminal: false, static () => 80), isJournal: true, _time);

    private void Use(params string[] targets) => _postman.Use(Config(targets));

    private static NotifyConfig Config(params string[] targets) => new()
    {
        Targets = ConfigParser.Parse("c", "notify: [" + string.Join(", ", targets.Select(static t => $"{{{t}}}")) + "]\n").Notify,
    };

    private void Tell(string what)
    {
        _postman.Tell(Notice(what));
        DoDue();
    }

    private NoticeData Notice(string what) => new()
    {
        Event = what, Job = "docs", Kind = "backup", Time = _time.GetUtcNow(),
        Since = new DateTimeOffset(2026, 11, 22, 9, 0, 0, TimeSpan.Zero),
        Message = "no disk", Hint = "mount it", LastGood = new DateTimeOffset(2026, 11, 21, 10, 0, 0, TimeSpan.Zero),
    };

    private string[] Files() => Directory.GetFiles(Path.Combine(_d.Path, "state/notices"));
}
