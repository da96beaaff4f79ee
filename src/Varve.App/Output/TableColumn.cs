namespace Varve.App.Output;

/// <summary>A column of a table.</summary>
/// <param name="Heading">What stands above it.</param>
/// <param name="IsRight">Whether its cells end below each other: numbers.</param>
/// <param name="IsTime">Whether it has times: the heading says of which zone.</param>
internal readonly record struct TableColumn(string Heading, bool IsRight = false, bool IsTime = false);
