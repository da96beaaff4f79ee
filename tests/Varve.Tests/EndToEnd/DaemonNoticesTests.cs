using System.Diagnostics;
using System.Text.Json;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Processes;

namespace Varve.Tests.EndToEnd;

/// <summary>A real daemon that tells real programs what goes wrong.</summary>
[Trait("Does", "race")]
public sealed class DaemonNoticesTests : IDisposable
{
    private readonly DaemonDesk _d = new();
    private readonly HttpPeer _peer = new();

    public DaemonNoticesTests()
    {
        Directory.CreateDirectory(_d.Desk["bin"]);
        File.WriteAllText(_d.Desk["bin/sendmail"], $"#!/bin/sh\necho \"$@\" >>'{_d.Desk["mails"]}'\ncat >>'{_d.Desk["mails"]}'\n");
        File.SetUnixFileMode(_d.Desk["bin/sendmail"], (UnixFileMode)0x1ED);
        _d.Varve.Environment["PATH"] = _d.Desk["bin"] + ":" + Environment.GetEnvironmentVariable("PATH");
        _d.Varve.Environment["VARVE_CONFIG"] = _d.Desk["home/config.yaml"];
        _d.Varve.Succeed("init");
        File.WriteAllText(_d.Desk["home/config.yaml"], string.Join('\n',
            "every: 10h",
            $"notify: [{{webhook: {_peer.Url}/very-secret}}, {{mail: ada@example.org}}, {{command: 'echo \"$VARVE_EVENT\" >>{_d.Desk["told"]}'}}]",
            $"sources: [{{name: docs, roots: [{_d.Desk["Documents"]}], ping: {_peer.Url}/ping-secret}}]", ""));
    }

    public void Dispose()
    {
        _d.Dispose();
        _peer.Dispose();
    }

    [Fact]
    public void The_first_failure_and_the_recovery_reach_everybody_and_no_log_has_a_secret()
    {
        Process daemon = _d.StartReady(); // the source is not there
        Poll.Until(() => Lines("told").Length == 1 && Hooks().Length == 1 && File.Exists(_d.Desk["mails"]), "they are told");
        _d.Varve.Run("run", "docs").Expect(0);
        Poll.Until(() => _d.Job("docs").GetProperty("failures").GetInt32() >= 2, "it fails again");
        _d.Desk.Source();
        _d.Varve.Run("run", "docs").Expect(0);
        Poll.Until(() => Lines("told").Length == 2 && Hooks().Length == 2, "they are told");
        Poll.Until(() => Pings().Length >= 6, "all pings came");
        string log = DaemonDesk.Stop(daemon);
        Assert.Equal(["failure", "recovery"], Lines("told"));
        Assert.Equal(["failure", "recovery"], Hooks().Select(static h => JsonDocument.Parse(h).RootElement.GetProperty("event").GetString()));
        Assert.Equal(["/start", "/fail", "/start", "/fail", "/start", ""], Pings()[..6]);
        string mails = File.ReadAllText(_d.Desk["mails"]);
        Assert.StartsWith("-i -- ada@example.org\nTo: ada@example.org\nSubject: ", mails, StringComparison.Ordinal);
        Assert.Contains(": docs failed\n", mails, StringComparison.Ordinal);
        Assert.Contains("docs is well again", mails, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", log, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_d.Desk["state/notices"]));
    }

    [Fact]
    public void What_a_daemon_could_not_tell_before_it_was_killed_the_next_one_tells()
    {
        _peer.Status = static line => line.Contains("very-secret", StringComparison.Ordinal) ? 500 : 200;
        Process daemon = _d.StartReady();
        Poll.Until(() => Hooks().Length >= 1 && Noted() == 2, "two of three have it, and that is durable");
        DaemonDesk.Kill(daemon);
        _peer.Status = static _ => 200;
        daemon = _d.StartReady();
        Poll.Until(() => Directory.GetFiles(_d.Desk["state/notices"]).Length == 0, "it is told");
        Assert.Equal(["failure"], Lines("told")); // who had it has it once
        DaemonDesk.Stop(daemon);
    }

    private string[] Lines(string file) => File.Exists(_d.Desk[file]) ? File.ReadAllLines(_d.Desk[file]) : [];

    /// <summary>How many of those who are told have the notice that is left, as it lies on the disk.</summary>
    private int Noted()
    {
        foreach (string file in Directory.GetFiles(_d.Desk["state/notices"], "*.json"))
        {
            using var notice = JsonDocument.Parse(File.ReadAllText(file));
            return notice.RootElement.GetProperty("done").GetArrayLength();
        }

        return 0;
    }

    private string[] Hooks() => [.. _peer.Asked.Where(static a => a.Line == "POST /very-secret").Select(static a => a.Body)];

    private string[] Pings() => [.. _peer.Asked.Where(static a => a.Line.StartsWith("POST /ping-secret", StringComparison.Ordinal))
        .Select(static a => a.Line["POST /ping-secret".Length..])];
}
