namespace Varve.Archives.Plan;

/// <summary>Orders of what is due.</summary>
internal enum PlanOrder
{
    /// <summary>What was changed last comes first.</summary>
    Newest,
    /// <summary>What was changed first comes first.</summary>
    Oldest,
    /// <summary>By canonical name.</summary>
    Name,
    /// <summary>The largest first.</summary>
    Largest,
}
