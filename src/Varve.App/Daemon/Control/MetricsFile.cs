using System.Text;
using Varve.App.Output.Daemon;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.App.Daemon.Control;

/// <summary>
/// A file that node_exporter's textfile collector reads: replaced in one step, when anything is new, and readable by all. What cannot be
/// written is told once, until it can be again. Used by the loop's thread.
/// </summary>
internal sealed class MetricsFile(DaemonLog log)
{
    private const uint ReadableByAll = 0x1A4;

    private (string Path, string Text)? _written;
    private string? _told;

    /// <summary>Writes how everything stands; null: nowhere.</summary>
    internal void Write(string? path, StatusReport status)
    {
        if (path is null) { return; }
        string text = MetricsText.Of(status);
        if (_written == (path, text)) { return; }
        string? wrong = Replace(path, Encoding.UTF8.GetBytes(text));
        if (wrong is not null && wrong != _told) { log.Write(LogLevel.Warning, $"{path}: metrics cannot be written: {wrong}"); }
        _told = wrong;
        if (wrong is null) { _written = (path, text); }
    }

    private static string? Replace(string path, byte[] text)
    {
        string folder = Path.GetDirectoryName(path) ?? "/";
        int errno = Posix.OpenAt(Posix.AT_FDCWD, Encoding.UTF8.GetBytes(folder), Posix.O_RDONLY | Posix.O_DIRECTORY, out SafeFd directory);
        if (errno != 0) { return Errno.Message(errno); }
        // Its name does not end as the collector wants it.
        byte[] name = Encoding.UTF8.GetBytes(Path.GetFileName(path)), temporary = [(byte)'.', .. name, .. ".varve"u8];
        try
        {
            _ = Posix.UnlinkAt(directory.Value, temporary);
            errno = Posix.OpenAt(directory.Value, temporary, Posix.O_WRONLY | Posix.O_CREAT | Posix.O_EXCL | Posix.O_NOFOLLOW, ReadableByAll,
                out SafeFd file);
            if (errno != 0) { return Errno.Message(errno); }
            errno = Posix.WriteAll(file.Value, text);
            if (errno == 0) { errno = Posix.SetMode(file.Value, ReadableByAll); }
            _ = file.Close();
            if (errno == 0) { errno = DurableFile.Publish(directory.Value, temporary, directory.Value, name, replace: true); }
            if (errno != 0) { _ = Posix.UnlinkAt(directory.Value, temporary); }
            return errno == 0 ? null : Errno.Message(errno);
        }
        finally { directory.Close(); }
    }
}
