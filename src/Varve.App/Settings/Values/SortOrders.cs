namespace Varve.App.Settings.Values;

/// <summary>The words for orders.</summary>
internal static class SortOrders
{
    /// <summary>All of them.</summary>
    internal static readonly IReadOnlyList<string> Words = ["name", "size", "time"];

    /// <summary>The order that a word stands for.</summary>
    internal static SortOrder Parse(string text, string origin) => text switch
    {
        "name" => SortOrder.Name,
        "size" => SortOrder.Size,
        "time" => SortOrder.Time,
        _ => throw new VarveException(ErrorKind.Usage, Subject.Request(origin), $"must be one of {string.Join(", ", Words)}"),
    };
}
