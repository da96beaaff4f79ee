namespace Varve.App.Settings.Line;

/// <summary>Which word somebody may have meant.</summary>
internal static class Nearest
{
    /// <summary>
    /// The word that takes the fewest changes (a letter more, less or other, two neighbours swapped), if they are few for its length; of
    /// several the first. Null if none is near.
    /// </summary>
    internal static string? To(string typed, IEnumerable<string> words)
    {
        string? nearest = null;
        int least = int.MaxValue;
        foreach (string word in words)
        {
            int letters = word.TrimStart('-').Length;
            // A beginning is what somebody types who is used to shorter words.
            int distance = typed.Length > 2 && word.StartsWith(typed, StringComparison.Ordinal) ? 1 : Distance(typed, word);
            if (distance < least && distance <= Math.Max(1, letters / 3) && distance < letters) { (nearest, least) = (word, distance); }
        }

        return nearest;
    }

    private static int Distance(string a, string b)
    {
        if (a.Length > 64) { return int.MaxValue; } // no word is as long
        int[][] rows = [.. Enumerable.Range(0, a.Length + 1).Select(i => new int[b.Length + 1])];
        for (int i = 0; i <= a.Length; i++) { rows[i][0] = i; }
        for (int j = 0; j <= b.Length; j++) { rows[0][j] = j; }
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int other = rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                rows[i][j] = Math.Min(other, Math.Min(rows[i - 1][j], rows[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    rows[i][j] = Math.Min(rows[i][j], rows[i - 2][j - 2] + 1);
                }
            }
        }

        return rows[a.Length][b.Length];
    }
}
