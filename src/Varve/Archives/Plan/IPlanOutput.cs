namespace Varve.Archives.Plan;

/// <summary>Takes what a plan finds.</summary>
internal interface IPlanOutput
{
    /// <summary>A file is due, in the order that was asked for.</summary>
    void Due(in PlanFile file);

    /// <summary>A file has the canonical name of one that is newer, or as new and of a lesser name. In the order of names.</summary>
    void Duplicate(in PlanFile file);
}
