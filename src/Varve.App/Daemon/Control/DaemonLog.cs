using System.Globalization;
using Varve.App.Output;

namespace Varve.App.Daemon.Control;

/// <summary>
/// What the daemon says: a line each on standard error, with the local time before it, or, where the journal takes the lines, with what
/// tells it how much they matter (sd-daemon(3)). Thread-safe.
/// </summary>
internal sealed class DaemonLog(StatusLine status, bool isJournal, TimeProvider time)
{
    internal void Write(LogLevel level, string text)
    {
        string line = NameText.Printable(text);
        status.Message(isJournal ? string.Create(CultureInfo.InvariantCulture, $"<{(int)level}>{line}")
            : time.GetLocalNow().ToString("yyyy-MM-dd HH:mm:ss ", CultureInfo.InvariantCulture) + line);
    }
}
