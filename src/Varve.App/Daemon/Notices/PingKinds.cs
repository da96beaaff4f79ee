namespace Varve.App.Daemon.Notices;

/// <summary>What is put behind the path of a URL that is pinged, as healthchecks.io and what is like it know it.</summary>
internal static class PingKinds
{
    internal const string Start = "/start", Success = "", Fail = "/fail";

    /// <summary>The URL for a kind: behind the path, before what is asked.</summary>
    internal static string UrlOf(string url, string kind)
    {
        var parts = new UriBuilder(url);
        parts.Path = parts.Path.TrimEnd('/') + kind;
        return parts.Uri.AbsoluteUri;
    }
}
