using Varve.Model;

namespace Varve.App.Settings.Values;

/// <summary>The words for what a budget counts.</summary>
internal static class BudgetUnits
{
    /// <summary>All of them.</summary>
    internal static readonly IReadOnlyList<string> Words = ["stored", "size"];

    /// <summary>Whether sizes are counted.</summary>
    internal static bool Parse(string text, string origin) => text switch
    {
        "stored" => false,
        "size" => true,
        _ => throw new VarveException(ErrorKind.Usage, Subject.Request(origin), $"must be one of {string.Join(", ", Words)}"),
    };
}
