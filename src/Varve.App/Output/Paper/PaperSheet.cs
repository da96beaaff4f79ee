using System.Globalization;
using System.Text;
using Varve.Keys;

namespace Varve.App.Output.Paper;

/// <summary>
/// What stands on the paper of a paper key, in words. What is no part of the key is a comment, so that the text can be read back.
/// </summary>
internal sealed class PaperSheet(PaperKey key, DateOnly day)
{
    private readonly IReadOnlyList<string> _lines = key.Lines;

    /// <summary>Its QR code.</summary>
    internal QrMatrix Code { get; } = QrMatrix.Of(key.Code);

    /// <summary>What it is of.</summary>
    internal string Title => $"Paper key of the Varve repository {key.Repository}";

    /// <summary>What it gives, and how.</summary>
    internal IReadOnlyList<string> Remarks =>
    [
        $"Level {KindText.Of(key.Level)}, printed {day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}.",
        key.Level == KeyLevel.Full
            ? "Whoever has this paper can read, change and forge all backups in that repository, without any password or key file."
            : "Whoever has this paper can back up into that repository, without any password or key file; it reads no file and no name.",
        "Keep it where nobody else comes to it. It works even when the repository has lost its header and all keys:",
        "    varve key import -r REPOSITORY",
        "The last four characters of each line check the others. O is read as 0, I and L as 1; capitals do not matter.",
    ];

    /// <summary>The lines to type, with the one above them.</summary>
    internal IEnumerable<string> Lines => _lines.Prepend(PaperKey.Title);

    /// <summary>All of it as text.</summary>
    internal string Text(PaperDrawing drawing)
    {
        var text = new StringBuilder();
        foreach (string remark in Remarks.Prepend(Title)) { text.Append("# ").Append(remark).Append('\n'); }
        foreach (string line in Lines) { text.Append(line).Append('\n'); }
        return text.Append(drawing.Of(Code)).ToString();
    }
}
