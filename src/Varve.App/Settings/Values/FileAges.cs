using Varve.Model;

namespace Varve.App.Settings.Values;

/// <summary>The words for which time of a file tells how new it is.</summary>
internal static class FileAges
{
    /// <summary>All of them.</summary>
    internal static readonly IReadOnlyList<string> Words = ["mtime", "ctime"];

    /// <summary>Whether it is ctime.</summary>
    internal static bool Parse(string text, string origin) => text switch
    {
        "mtime" => false,
        "ctime" => true,
        _ => throw new VarveException(ErrorKind.Usage, Subject.Request(origin), $"must be one of {string.Join(", ", Words)}"),
    };
}
