namespace Varve.App.Output;

/// <summary>
/// Says of requests that are tried again that they are: a line at most every ten seconds, since many fail at once when a line is lost, and
/// none of those that are well again at once. Thread-safe.
/// </summary>
internal sealed class RetryNotes(StatusLine status, TimeProvider time)
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(10), s_brief = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private long? _first, _said; // guarded by _lock

    /// <summary>Hears of one.</summary>
    internal void Tell(Notice notice)
    {
        lock (_lock)
        {
            _first ??= time.GetTimestamp();
            if (time.GetElapsedTime(_first.Value) < s_brief || (_said is { } said && time.GetElapsedTime(said) < s_every)) { return; }
            _said = time.GetTimestamp();
        }

        status.Message("retrying: " + NameText.Printable(notice.ToString()));
    }
}
