using Varve.App.Settings.Configuration;

namespace Varve.App.Daemon.Notices;

/// <summary>Tells people and programs how things are; whoever calls waits for nobody. Used by the loop's thread.</summary>
internal interface INotices
{
    /// <summary>Whom it tells from now on.</summary>
    void Use(NotifyConfig config);

    /// <summary>Tells a notice, once it is durable that it is to be told.</summary>
    /// <exception cref="VarveException">Storage: it cannot be made durable. It is told all the same, if nothing happens before.</exception>
    void Tell(NoticeData notice);

    /// <summary>Has a URL know; <paramref name="kind"/> is one of <see cref="PingKinds"/>.</summary>
    void Ping(string url, string kind, string text);
}
