namespace Varve.App.Settings.Values;

/// <summary>The words for what becomes of files in the way of a restore.</summary>
internal static class OverwriteModes
{
    internal const string Never = "never", IfNewer = "if-newer", IfChanged = "if-changed", Always = "always";

    /// <summary>All of them.</summary>
    internal static readonly IReadOnlyList<string> Words = [Never, IfNewer, IfChanged, Always];

    /// <summary>One of the words.</summary>
    internal static string Parse(string text, string origin) => Words.Contains(text) ? text
        : throw new VarveException(ErrorKind.Usage, Subject.Request(origin), $"must be one of {string.Join(", ", Words)}");
}
