using System.Text;
using System.Text.Json;
using Varve.App.Output.Daemon;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.App.Daemon.Runs;

/// <summary>
/// What a run prints, in files: so it goes on, and what came of it is known, whatever becomes of the daemon meanwhile. The run holds a lock
/// on the first as long as it lives; by that it is found.
/// </summary>
internal sealed class RunFiles(PrivateDirectory directory, string name)
{
    private const int MostRead = 8 << 20, ProgressTail = 8 << 10, MostLines = 50;

    private string Output => name + ".out";

    private string Errors => name + ".err";

    /// <summary>Removes both.</summary>
    internal void Clear()
    {
        _ = directory.Remove(Output);
        _ = directory.Remove(Errors);
    }

    /// <summary>Makes both, and takes the lock; the caller closes them once the run has its own.</summary>
    /// <exception cref="VarveException">Storage.</exception>
    internal (SafeFd Output, SafeFd Errors) Create()
    {
        SafeFd output = Create(Output), errors;
        try { errors = Create(Errors); }
        catch
        {
            output.Close();
            throw;
        }

        _ = Posix.Lock(output.Value, Posix.LOCK_EX | Posix.LOCK_NB);
        return (output, errors);
    }

    /// <summary>
    /// Calls back, on a thread of its own, when nobody has the lock any more; true if nobody has it now: then there is no call.
    /// </summary>
    internal bool IsOver(Action ended)
    {
        int errno = Posix.OpenAt(directory.Fd, Encoding.UTF8.GetBytes(Output), Posix.O_RDONLY | Posix.O_NOFOLLOW, out SafeFd file);
        if (errno != 0) { return true; }
        if (Posix.Lock(file.Value, Posix.LOCK_EX | Posix.LOCK_NB) != Errno.EAGAIN)
        {
            file.Close();
            return true;
        }

        new Thread(() =>
        {
            _ = Posix.Lock(file.Value, Posix.LOCK_EX);
            file.Close();
            ended();
        })
        { IsBackground = true, Name = "adopted run" }.Start();
        return false;
    }

    /// <summary>The last object that it printed, other than progress; null if there is none.</summary>
    internal JsonElement? LastReport()
    {
        string[] lines = Tail(Output, MostRead).Split('\n');
        for (int i = lines.Length - 1; i >= 0; i--)
        {
            // The last is empty, or cut off.
            if (i < lines.Length - 1 && Parse(lines[i]) is { } found && !IsProgress(found)) { return found; }
        }

        return null;
    }

    /// <summary>Where it stood when it last said so; null if it never did.</summary>
    internal JobProgressPart? Progress()
    {
        string[] lines = Tail(Output, ProgressTail).Split('\n');
        for (int i = lines.Length - 2; i >= 0; i--)
        {
            if (Parse(lines[i]) is not { } found || !IsProgress(found)) { continue; }
            return new JobProgressPart
            {
                Phase = Text(found, "phase"), Files = Number(found, "files") ?? 0, Bytes = Number(found, "bytes") ?? 0,
                BytesStored = Number(found, "bytesStored") ?? 0, Failed = Number(found, "failed") ?? 0,
                ExpectedFiles = Number(found, "expectedFiles"), ExpectedBytes = Number(found, "expectedBytes"),
            };
        }

        return null;
    }

    /// <summary>The last lines that it printed for people, each by itself.</summary>
    internal IReadOnlyList<string> ErrorLines() =>
        [.. Tail(Errors, MostRead).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(MostLines)];

    /// <summary>A member that is a text, or null.</summary>
    internal static string? Text(JsonElement element, string member) =>
        element.TryGetProperty(member, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A member that is a whole number, or null.</summary>
    internal static long? Number(JsonElement element, string member) =>
        element.TryGetProperty(member, out JsonElement value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out long number) ? number : null;

    /// <summary>A line that is an object; null if it is none.</summary>
    internal static JsonElement? Parse(string line)
    {
        if (!line.StartsWith('{')) { return null; }
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException) { return null; }
    }

    private static bool IsProgress(JsonElement element) => Text(element, "type") == "progress";

    private SafeFd Create(string file)
    {
        int errno = Posix.OpenAt(directory.Fd, Encoding.UTF8.GetBytes(file),
            Posix.O_WRONLY | Posix.O_CREAT | Posix.O_EXCL | Posix.O_APPEND | Posix.O_NOFOLLOW, Modes.PrivateFile, out SafeFd opened);
        return errno == 0 ? opened : throw new VarveException(ErrorKind.Storage, Subject.Path(Path.Combine(directory.Path, file)),
            "cannot be made: " + Errno.Message(errno), Advice.CheckDirectory);
    }

    private string Tail(string file, int most)
    {
        int errno = Posix.OpenAt(directory.Fd, Encoding.UTF8.GetBytes(file), Posix.O_RDONLY | Posix.O_NOFOLLOW, out SafeFd opened);
        if (errno != 0) { return ""; }
        try
        {
            if (Posix.Stat(opened.Value, out EntryStat stat) != 0) { return ""; }
            long length = (long)stat.Size, from = Math.Max(0, length - most);
            var bytes = new byte[length - from];
            int filled = 0;
            while (filled < bytes.Length && Posix.ReadAt(opened.Value, bytes.AsSpan(filled), from + filled, out int read) == 0 && read > 0)
            {
                filled += read;
            }

            return Encoding.UTF8.GetString(bytes, 0, filled);
        }
        finally { opened.Close(); }
    }
}
