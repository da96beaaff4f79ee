namespace Varve.App.Settings.Values;

/// <summary>The words for what a key allows.</summary>
internal static class KeyLevels
{
    /// <summary>All of them.</summary>
    internal static readonly IReadOnlyList<string> Words = ["full", "write"];

    /// <summary>The level of a word.</summary>
    internal static KeyLevel Parse(string text, string origin) => text switch
    {
        "full" => KeyLevel.Full,
        "write" => KeyLevel.Write,
        _ => throw new VarveException(ErrorKind.Usage, Subject.Request(origin), $"must be one of {string.Join(", ", Words)}"),
    };
}
