namespace Varve.Maintain.Retention;

/// <summary>A reason for which a snapshot is kept.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Tag">Of <see cref="KeepRule.Tag"/>: which.</param>
internal readonly record struct KeepReason(KeepRule Rule, string? Tag = null);
