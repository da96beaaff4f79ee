using Varve.App.Daemon.Notices;
using Varve.App.Settings.Configuration;

namespace Varve.Tests.App.Daemon;

/// <summary>Writes down what is to be told.</summary>
internal sealed class FakeNotices : INotices
{
    internal List<NoticeData> Told { get; } = [];

    /// <summary>Each as its event and what it is about.</summary>
    internal List<string> Lines => [.. Told.Select(static n => $"{n.Event} {n.Job}")];

    /// <summary>Called when something is told.</summary>
    internal Action? Telling { get; set; }

    internal List<string> Pings { get; } = [];

    internal NotifyConfig Config { get; private set; } = NotifyConfig.None;

    public void Use(NotifyConfig config) => Config = config;

    public void Tell(NoticeData notice)
    {
        Telling?.Invoke();
        Told.Add(notice);
    }

    public void Ping(string url, string kind, string text) => Pings.Add($"{PingKinds.UrlOf(url, kind)}: {text}");
}
