using System.Globalization;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.App.Host;

/// <summary>
/// Whether standard error is the journal's: systemd names the stream it gave (JOURNAL_STREAM, systemd.exec(5)), and whoever inherited only
/// the variable writes elsewhere.
/// </summary>
internal static class JournalStream
{
    internal static bool IsError(Func<string, string?> environment) => environment("JOURNAL_STREAM") is { Length: > 0 } named
        && Posix.Stat(StandardDescriptors.Error, out EntryStat stat) == 0
        && named.EndsWith(string.Create(CultureInfo.InvariantCulture, $":{stat.Inode}"), StringComparison.Ordinal);
}
