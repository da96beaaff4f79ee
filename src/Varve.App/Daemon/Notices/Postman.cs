using System.Globalization;
using System.Text;
using Varve.App.Daemon.Control;
using Varve.App.Daemon.Watch;
using Varve.App.Settings.Configuration;
using Varve.Platform.Files;

namespace Varve.App.Daemon.Notices;

/// <summary>
/// Brings notices to whom they are for, and pings. A notice is a file until everybody has it, so a daemon that was killed tells it when it
/// is back; one that nobody takes is given up after three days. Pings are of the moment: they are tried for ten minutes and then forgotten.
/// </summary>
internal sealed class Postman : INotices, IDisposable
{
    private static readonly TimeSpan s_notices = TimeSpan.FromDays(3), s_pings = TimeSpan.FromMinutes(10),
        s_answer = TimeSpan.FromSeconds(10);

    private readonly RecordFiles<NoticeData> _records;
    private readonly DaemonLog _log;
    private readonly string _host;
    private readonly Func<string, string?> _environment;
    private readonly TimeProvider _time;
    private readonly Errands _letters, _pings; // of this, which disposes them
    private readonly HashSet<string> _posted = [];
    private volatile IReadOnlyList<Channel> _channels = [];
    private bool _isBegun;

    /// <param name="directory">Where notices lie.</param>
    /// <param name="log">The daemon's.</param>
    /// <param name="host">What this host is called.</param>
    /// <param name="environment">The environment.</param>
    /// <param name="time">The clock.</param>
    /// <param name="letters">Does what has to do with notices; disposed of with this.</param>
    /// <param name="pings">The same with pings.</param>
    internal Postman(PrivateDirectory directory, DaemonLog log, string host, Func<string, string?> environment, TimeProvider time,
        Errands letters, Errands pings)
    {
        _records = new RecordFiles<NoticeData>(directory, NoticeShapes.Default.NoticeData);
        (_log, _host, _environment, _time) = (log, host, environment, time);
        (_letters, _pings) = (letters, pings);
    }

    public void Use(NotifyConfig config)
    {
        _channels = [.. config.Targets.Select(t => new Channel(t, _host, _environment))];
        if (_isBegun) { return; }
        _isBegun = true;
        try
        {
            foreach (string file in _records.List())
            {
                if (Read(file) is { } notice) { Post(file, notice); }
            }
        }
        catch (VarveException e) { _log.Write(LogLevel.Warning, e.Message); }
    }

    public void Tell(NoticeData notice)
    {
        if (_channels.Count == 0) { return; }
        // The same one, decided upon again after a kill, is the same file.
        string file = RecordFiles<NoticeData>.FileOf(
            string.Create(CultureInfo.InvariantCulture, $"{notice.Since.ToUnixTimeMilliseconds()} {notice.Event} {notice.Job}"));
        if (_posted.Contains(file)) { return; }
        try { _records.Write(file, notice); }
        finally { Post(file, notice); }
    }

    public void Ping(string url, string kind, string text)
    {
        string host = new Uri(url).Host;
        bool isTold = false;
        _pings.Add(new Errand
        {
            For = s_pings, GiveUp = () => _log.Write(LogLevel.Warning, $"the ping to {host} was given up"),
            Try = cancelled =>
            {
                string? wrong = WebCall.Post(PingKinds.UrlOf(url, kind), Encoding.UTF8.GetBytes(text), "text/plain", s_answer, cancelled);
                if (wrong is not null && !isTold) { _log.Write(LogLevel.Warning, $"a ping did not come through: {wrong}"); }
                isTold = true;
                return wrong is null;
            },
        });
    }

    private void Post(string file, NoticeData notice)
    {
        _posted.Add(file);
        bool isTold = false;
        TimeSpan left = s_notices - (_time.GetUtcNow() - notice.Time);
        _letters.Add(new Errand
        {
            For = left < s_notices ? left : s_notices, Try = cancelled => Deliver(file, notice, ref isTold, cancelled),
            GiveUp = () =>
            {
                _log.Write(LogLevel.Error, $"this notice was given up: {NoticeText.Subject(notice, _host)}");
                Remove(file);
            },
        });
    }

    private bool Deliver(string file, NoticeData notice, ref bool isTold, CancellationToken cancelled)
    {
        bool isDone = true;
        foreach (Channel channel in _channels)
        {
            if (notice.Done.Contains(channel.Id)) { continue; }
            if (channel.Send(notice, cancelled) is { } wrong)
            {
                if (!isTold) { _log.Write(LogLevel.Warning, $"a notice by {channel.Label} did not come through, and is tried again: {wrong}"); }
                isDone = false;
                continue;
            }

            notice.Done.Add(channel.Id);
            Keep(file, notice);
        }

        isTold = !isDone;
        if (isDone) { Remove(file); }
        return isDone;
    }

    private NoticeData? Read(string file)
    {
        try { return _records.Read(file); }
        catch (VarveException e)
        {
            _log.Write(LogLevel.Warning, e.Message);
            return null;
        }
    }

    // What cannot be noted is told again after a restart rather than not at all.
    private void Keep(string file, NoticeData notice)
    {
        try { _records.Write(file, notice); }
        catch (VarveException e) { _log.Write(LogLevel.Warning, e.Message); }
    }

    private void Remove(string file)
    {
        try { _records.Remove(file); }
        catch (VarveException e) { _log.Write(LogLevel.Warning, e.Message); }
    }

    /// <summary>Ends it; what was not told yet the next daemon tells.</summary>
    public void Dispose()
    {
        _pings.Dispose();
        _letters.Dispose();
    }
}
