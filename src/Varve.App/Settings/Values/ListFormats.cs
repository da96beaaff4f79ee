using Varve.Archives.Lists;

namespace Varve.App.Settings.Values;

/// <summary>The words for formats of lists.</summary>
internal static class ListFormats
{
    /// <summary>All of them.</summary>
    internal static readonly IReadOnlyList<string> Words = ListFormat.Words;

    /// <summary>The format that a word stands for.</summary>
    internal static ListFormat Parse(string text, string origin) => ListFormat.Find(text)
        ?? throw new VarveException(ErrorKind.Usage, Subject.Request(origin), $"must be one of {string.Join(", ", Words)}");
}
