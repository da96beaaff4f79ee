namespace Varve.App.Settings.Values;

/// <summary>The words for what a backup can have seen.</summary>
internal static class LogKinds
{
    /// <summary>All of them, in the order of <see cref="LogKind"/>.</summary>
    internal static readonly IReadOnlyList<string> Words =
        ["new", "changed", "metadata", "moved", "gone", "failed", "pending", "torn", "left-out"];

    /// <summary>The word.</summary>
    internal static string Word(LogKind kind) => Words[(int)kind];

    /// <summary>What a word stands for.</summary>
    internal static LogKind Parse(string text, string origin)
    {
        for (int i = 0; i < Words.Count; i++)
        {
            if (Words[i] == text) { return (LogKind)i; }
        }

        throw new VarveException(ErrorKind.Usage, Subject.Request(origin), $"must be one of {string.Join(", ", Words)}");
    }
}
