namespace Varve.App.Output;

/// <summary>What the rows of a table have in common.</summary>
/// <param name="columns">From left to right.</param>
internal sealed class TableShape(params TableColumn[] columns)
{
    internal IReadOnlyList<TableColumn> Columns => columns;

    /// <summary>Whether there is a line above the rows.</summary>
    internal bool HasHeadings { get; init; } = true;

    /// <summary>Spaces before each row.</summary>
    internal int Indent { get; init; }

    /// <summary>Spaces between columns.</summary>
    internal int Gap { get; init; } = 2;
}
