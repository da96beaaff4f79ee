using System.Globalization;
using System.Text;
using Varve.Model;

namespace Varve.Archives.Output;

/// <summary>
/// What an archive says of itself: lines of a word and a value (docs/archives.md). It is all the state there is: whether an archive is
/// ours, of which source, and whether it has all of a tree.
/// </summary>
internal sealed record ArchiveComment
{
    private const string First = "Varve archive 1";
    private const int MostPaths = 100;

    /// <summary>Which source it is of: 64 hexadecimal digits.</summary>
    internal required string Source { get; init; }

    /// <summary>The machine that the tree is of; null in one that is to be the same everywhere.</summary>
    internal string? Host { get; init; }

    /// <summary>The paths that it is of, escaped.</summary>
    internal IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>When it was made, RFC 3339; null in one that is to be the same every time.</summary>
    internal string? Made { get; init; }

    /// <summary>Which volume it is, from 1; null for an archive that is one file.</summary>
    internal int? Volume { get; init; }

    /// <summary>How many volumes there are: said by the last.</summary>
    internal int? Volumes { get; init; }

    /// <summary>The snapshot that it was made from.</summary>
    internal string? Snapshot { get; init; }

    /// <summary>The digest of the tree; null if the archive has not all of it.</summary>
    internal string? Digest { get; init; }

    /// <summary>Files that changed while they were read, each time it was tried: the first of their paths, and how many.</summary>
    internal IReadOnlyList<byte[]> Torn { get; init; } = [];

    /// <summary>All of them.</summary>
    internal long TornCount { get; init; }

    /// <summary>What could not be read, as <see cref="Torn"/>.</summary>
    internal IReadOnlyList<byte[]> Failed { get; init; } = [];

    /// <summary>All of it.</summary>
    internal long FailedCount { get; init; }

    /// <summary>As text of at most so many bytes: as many of the paths as there is room for.</summary>
    internal byte[] ToBytes(int most)
    {
        var text = new StringBuilder(First).Append('\n');
        Line("source", Source);
        if (Host is not null) { Line("host", Host); }
        foreach (string path in Paths) { Line("path", path); }
        if (Snapshot is not null) { Line("snapshot", Snapshot); }
        if (Made is not null) { Line("made", Made); }
        if (Volume is { } volume) { Line("volume", volume.ToString(CultureInfo.InvariantCulture)); }
        if (Volumes is { } volumes) { Line("volumes", volumes.ToString(CultureInfo.InvariantCulture)); }
        if (Digest is not null) { Line("digest", Digest); }
        if (TornCount > 0) { Line("torn", TornCount.ToString(CultureInfo.InvariantCulture)); }
        if (FailedCount > 0) { Line("failed", FailedCount.ToString(CultureInfo.InvariantCulture)); }
        byte[] head = Encoding.UTF8.GetBytes(text.ToString());
        if (head.Length > most) { throw new VarveException(ErrorKind.Usage, Subject.None, "the paths are too long for an archive's comment"); }
        text.Clear();
        int left = most - head.Length;
        foreach ((string word, byte[] path) in Torn.Take(MostPaths).Select(static p => ("torn-path", p))
            .Concat(Failed.Take(MostPaths).Select(static p => ("failed-path", p))))
        {
            string line = $"{word} {PathText.Of(path)}\n";
            left -= Encoding.UTF8.GetByteCount(line);
            if (left < 0) { break; }
            text.Append(line);
        }

        return [.. head, .. Encoding.UTF8.GetBytes(text.ToString())];

        void Line(string word, string value) => text.Append(word).Append(' ').Append(value.Replace('\n', ' ')).Append('\n');
    }

    /// <summary>Reads such a text; null for anything else. Words that are not known are skipped.</summary>
    internal static ArchiveComment? TryParse(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.StartsWith("Varve archive 1\n"u8)) { return null; }
        string? source = null, made = null, digest = null;
        int? volume = null, volumes = null;
        foreach (string line in Encoding.UTF8.GetString(bytes).Split('\n'))
        {
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            if (space < 0) { continue; }
            string value = line[(space + 1)..].TrimEnd(' ');
            switch (line[..space])
            {
                case "source": source = value; break;
                case "made": made = value; break;
                case "digest": digest = value; break;
                case "volume": volume = Number(value); break;
                case "volumes": volumes = Number(value); break;
                default: break;
            }
        }

        return source is null ? null
            : new ArchiveComment { Source = source, Made = made, Digest = digest, Volume = volume, Volumes = volumes };

        static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : null;
    }
}
