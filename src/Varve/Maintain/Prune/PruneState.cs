using System.Globalization;
using System.Text;
using Varve.Format;
using Varve.Model;
using Varve.Model.Snapshots;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Maintain.Prune;

/// <summary>
/// What a prune on this machine has begun and not ended: its session, and whom it waits for. Whoever has it carries that prune on as if it
/// had slept. It is bound to the file that it lies in, so that a copy of the cache carries nothing on: there the prune is a stranger's, and
/// is waited for.
/// </summary>
/// <param name="Session">The prune's session.</param>
/// <param name="Waits">The sessions that were listed after its list was durable, as far as they were not over; null before that.</param>
/// <param name="MayOutlive">Whether some of its requests went to a store where they may outlive their caller, be it reached otherwise now:
/// the directory that a server hands out, for one.</param>
internal sealed record PruneState(SessionId Session, IReadOnlyList<SessionId>? Waits, bool MayOutlive)
{
    private const string File = "prune", Version = "1", Outlives = " outlives";
    private const int Longest = 16 << 20; // half a million sessions

    /// <summary>What was begun; null if nothing was.</summary>
    internal static PruneState? Load(PrivateDirectory cache)
    {
        int flags = Posix.O_RDONLY | Posix.O_NONBLOCK | Posix.O_NOFOLLOW;
        if (Posix.OpenAt(cache.Fd, Encoding.ASCII.GetBytes(File), flags, out SafeFd opened) != 0) { return null; }
        int length = 0, errno = Posix.Stat(opened.Value, out EntryStat stat);
        var bytes = new byte[errno == 0 ? Math.Min(stat.Size, Longest) : 0];
        if (errno == 0) { errno = Posix.ReadAt(opened.Value, bytes, 0, out length); }
        opened.Close();
        if (errno != 0) { return null; }
        string[] lines = Encoding.ASCII.GetString(bytes, 0, length).Split('\n');
        if (lines.Length < 5) { return null; }
        bool mayOutlive = lines[1].EndsWith(Outlives, StringComparison.Ordinal);
        if (lines[^1].Length > 0 || lines[0] != $"{Version} {Number(stat.Inode)}"
            || Id(mayOutlive ? lines[1][..^Outlives.Length] : lines[1]) is not { } session)
        {
            return null;
        }

        SessionId?[] waits = [.. lines[3..^2].Select(Id)];
        bool areKnown = lines[2] == "waits" && lines[^2] == "end" && Array.TrueForAll(waits, static w => w is not null);
        return new PruneState(session, areKnown ? [.. waits.Select(static w => w!.Value)] : null, mayOutlive);
    }

    /// <summary>Keeps it. What cannot be kept is not: then others wait for this prune as for a dead one.</summary>
    internal void Save(PrivateDirectory cache)
    {
        try
        {
            cache.Replace(File, file =>
            {
                int errno = Posix.Stat((int)file.SafeFileHandle.DangerousGetHandle(), out EntryStat stat);
                if (errno != 0) { throw new IOException(Errno.Message(errno)); }
                IEnumerable<string> lines = [$"{Version} {Number(stat.Inode)}", Session + (MayOutlive ? Outlives : ""),
                    Waits is null ? "begun" : "waits", .. (Waits ?? []).Select(static w => w.ToString()), "end", ""];
                file.Write(Encoding.ASCII.GetBytes(string.Join('\n', lines)));
                file.Flush(flushToDisk: true);
            });
        }
        catch (IOException)
        {
            // A full disk, for one. That of before would say too little.
            Forget(cache);
        }
    }

    /// <summary>Nothing is begun any more.</summary>
    internal static void Forget(PrivateDirectory cache) => _ = cache.Remove(File);

    private static string Number(ulong number) => number.ToString(CultureInfo.InvariantCulture);

    private static SessionId? Id(string text) =>
        ObjectKeys.IsSession(ObjectKeys.Sessions + text) ? new SessionId(Convert.FromHexString(text)) : null;
}
