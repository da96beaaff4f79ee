namespace Varve.Restore.Plan;

/// <summary>How stored owners become owners on this machine.</summary>
internal enum OwnerMapping
{
    /// <summary>By number, as stored. Right for putting back a system.</summary>
    Numeric,
    /// <summary>By name where this machine knows the name, else by number. Right for moving people's files to another machine.</summary>
    ByName,
}
