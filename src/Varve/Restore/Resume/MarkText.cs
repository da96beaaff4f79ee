using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Varve.Model;

namespace Varve.Restore.Resume;

/// <summary>
/// The text of a mark: what is restored, what the target was like, then two lines of fixed length for each run. Stateless.
/// <code>
/// a restore that is not complete: the same command goes on with it
/// snapshot 969b4eee...
/// path letters
/// include *.txt
/// numeric-owner no
/// target empty
/// run seconds nanoseconds boot mount
/// end seconds nanoseconds
/// </code>
/// </summary>
internal static class MarkText
{
    /// <summary>What the names of all marks begin with.</summary>
    internal const string Prefix = ".varve-restore-";

    /// <summary>Bytes of the lines of one run.</summary>
    internal const int RunLength = RunLine + EndLength;

    /// <summary>Bytes of the line that tells when a run was cut off; the last of a run.</summary>
    internal const int EndLength = 35;

    private const int RunLine = 4 + 20 + 1 + 9 + 1 + 36 + 1 + 16 + 1;
    private const string First = "a restore that is not complete: the same command goes on with it\n", Snapshot = "snapshot ";

    /// <summary>What is restored, as lines: the same for all runs that are one restore.</summary>
    internal static string Identity(ObjectName snapshot, IReadOnlyList<byte[]> paths, IReadOnlyList<string> includes,
        IReadOnlyList<string> excludes, bool numericOwner)
    {
        var text = new StringBuilder(First);
        text.Append(Snapshot).Append(snapshot.ToString()).Append('\n');
        foreach (byte[] path in paths) { Line(text, "path ", PathText.Of(path)); }
        foreach (string glob in includes) { Line(text, "include ", glob); }
        foreach (string glob in excludes) { Line(text, "exclude ", glob); }
        Line(text, "numeric-owner ", numericOwner ? "yes" : "no");
        return text.ToString();
    }

    /// <summary>A number of what is restored.</summary>
    internal static ulong Number(string identity) => BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(identity)));

    /// <summary>The name of the mark of what has that number.</summary>
    internal static byte[] Name(ulong number) => Encoding.ASCII.GetBytes(Prefix + number.ToString("x16", CultureInfo.InvariantCulture));

    /// <summary>The snapshot that a mark names, or null.</summary>
    internal static string? SnapshotOf(string text)
    {
        int from = First.Length + Snapshot.Length, to = text.IndexOf('\n', Math.Min(from, text.Length));
        return text.StartsWith(First + Snapshot, StringComparison.Ordinal) && to > from ? text[from..to] : null;
    }

    /// <summary>The line about the target.</summary>
    internal static string Of(TargetState state) => "target " + state switch
    {
        TargetState.Made => "made",
        TargetState.Empty => "empty",
        _ => "filled",
    } + "\n";

    /// <summary>The lines of a run that goes on.</summary>
    internal static string Run(FileTime began, string boot, ulong mount)
    {
        string place = boot.PadRight(36)[..36];
        return string.Create(CultureInfo.InvariantCulture, $"run {began.Seconds:D20} {began.Nanoseconds:D9} {place} {mount:x16}\n")
            + End(default);
    }

    /// <summary>The line of a run's end; of one that has none, if it is the default.</summary>
    internal static string End(FileTime ended) =>
        string.Create(CultureInfo.InvariantCulture, $"end {ended.Seconds:D20} {ended.Nanoseconds:D9}\n");

    /// <summary>Reads a mark of what <paramref name="identity"/> says; null if it is none.</summary>
    internal static (TargetState State, List<MarkedRun> Runs)? Parse(string text, string identity)
    {
        if (!text.StartsWith(identity, StringComparison.Ordinal)) { return null; }
        string rest = text[identity.Length..];
        foreach (TargetState state in (TargetState[])[TargetState.Made, TargetState.Empty, TargetState.Filled])
        {
            string line = Of(state);
            if (!rest.StartsWith(line, StringComparison.Ordinal)) { continue; }
            var runs = new List<MarkedRun>();
            for (int at = line.Length; rest.Length - at >= RunLength; at += RunLength)
            {
                string[] words = rest.Substring(at, RunLength).Split(' ', '\n');
                if (words.Length < 9 || words[0] != "run") { return null; }
                string boot = string.Join(' ', words[3..^5]).TrimEnd();
                if (!Time(words[1], words[2], out FileTime began) || !Time(words[^3], words[^2], out FileTime ended)
                    || !ulong.TryParse(words[^5], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong mount))
                {
                    return null;
                }

                runs.Add(new MarkedRun(began, ended, boot, mount));
            }

            return (state, runs);
        }

        return null;
    }

    private static bool Time(string seconds, string nanoseconds, out FileTime time)
    {
        bool read = long.TryParse(seconds, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long s)
            & int.TryParse(nanoseconds, NumberStyles.None, CultureInfo.InvariantCulture, out int n);
        time = new FileTime(s, n);
        return read;
    }

    private static void Line(StringBuilder text, string name, string value) =>
        text.Append(name).Append(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal))
            .Append('\n');
}
