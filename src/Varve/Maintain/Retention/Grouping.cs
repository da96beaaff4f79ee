namespace Varve.Maintain.Retention;

/// <summary>What the snapshots of a group have in common, to which a policy is applied by itself.</summary>
[Flags]
internal enum Grouping
{
    /// <summary>The lineage.</summary>
    Lineage = 0,
    /// <summary>The name of the source.</summary>
    Source = 1,
    /// <summary>The host.</summary>
    Host = 2,
    /// <summary>All tags.</summary>
    Tags = 4,
}
