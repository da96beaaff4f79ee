using System.Text;

namespace Varve.App.Daemon.Notices;

/// <summary>A mail as sendmail reads it (RFC 5322, 2045 and 2047). Nothing in names and messages becomes a header.</summary>
internal static class MailText
{
    private const int MostLetters = 300, MostInWord = 45;

    /// <summary>The mail.</summary>
    internal static byte[] Of(string to, string? from, string subject, string body)
    {
        var text = new StringBuilder();
        text.Append("To: ").Append(to).Append('\n');
        if (from is not null) { text.Append("From: ").Append(from).Append('\n'); }
        text.Append("Subject: ").Append(Encoded(Line(subject))).Append('\n');
        text.Append("MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n");
        text.Append("Auto-Submitted: auto-generated\n\n");
        foreach (string line in body.Split('\n'))
        {
            // No line has more than 998 bytes.
            for (int at = 0; at == 0 || at < line.Length; at += MostLetters)
            {
                text.Append(line.AsSpan(at, Math.Min(MostLetters, line.Length - at))).Append('\n');
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string Line(string text)
    {
        text = text.ReplaceLineEndings(" ");
        return text.Length <= MostLetters ? text : text[..MostLetters] + "...";
    }

    // Words of at most 75 letters each, none of which cuts a letter.
    private static string Encoded(string text)
    {
        if (text.All(static c => c is >= ' ' and <= '~') && !text.Contains("=?", StringComparison.Ordinal)) { return text; }
        var words = new List<string>();
        var word = new List<byte>();
        foreach (Rune rune in text.EnumerateRunes())
        {
            var bytes = new byte[rune.Utf8SequenceLength];
            rune.EncodeToUtf8(bytes);
            if (word.Count + bytes.Length > MostInWord) { Close(); }
            word.AddRange(bytes);
        }

        Close();
        return string.Join("\n ", words);

        void Close()
        {
            words.Add($"=?utf-8?B?{Convert.ToBase64String([.. word])}?=");
            word.Clear();
        }
    }
}
