namespace Varve;

/// <summary>What <see cref="BackupOptions.Budget"/> counts.</summary>
public enum BudgetUnit
{
    /// <summary>Bytes of new content as they are stored, compressed and deduplicated.</summary>
    Stored,
    /// <summary>The sizes of the files that are read.</summary>
    Size,
}
