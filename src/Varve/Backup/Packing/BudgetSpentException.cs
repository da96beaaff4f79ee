namespace Varve.Backup.Packing;

/// <summary>
/// A chunk of the file at hand is not within the budget. Thrown from the depth of the sink to the file's reader, which leaves the file for
/// the next run: it never leaves the stage.
/// </summary>
internal sealed class BudgetSpentException : Exception;
