namespace Varve.Archives.Plan;

/// <summary>What a plan came to. Filled while it is made; used by one thread at a time.</summary>
internal sealed class PlanSummary
{
    /// <summary>Files that are due and listed.</summary>
    internal PlanCounts Due;
    /// <summary>Files that are due, and beyond the budget.</summary>
    internal PlanCounts BeyondBudget;
    /// <summary>Files that are due and larger than the whole budget.</summary>
    internal PlanCounts TooLarge;
    /// <summary>Files that were saved as they are.</summary>
    internal PlanCounts Saved;
    /// <summary>Of these, files of which something newer was saved.</summary>
    internal PlanCounts SavedNewer;
    /// <summary>What was left out by a rule.</summary>
    internal PlanCounts Excluded;
    /// <summary>Files of a canonical name that a newer one has.</summary>
    internal PlanCounts Duplicate;
    /// <summary>Names that were saved and are not there.</summary>
    internal PlanCounts Gone;

    /// <summary>Volumes that were begun.</summary>
    internal int Volumes { get; set; }

    /// <summary>Files that are larger than a volume, each of which has one for itself.</summary>
    internal long Alone { get; set; }
}
