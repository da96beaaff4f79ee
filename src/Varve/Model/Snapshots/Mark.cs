namespace Varve.Model.Snapshots;

/// <summary>A path that was left out of a snapshot, with all below it if it is a directory.</summary>
/// <param name="Path">Relative to the root of the source, bytes.</param>
/// <param name="Reason">Why.</param>
/// <param name="Rule">Which rule of the run excludes it, counted from 1; 0 for none.</param>
internal sealed record Mark(byte[] Path, LeftOutReason Reason, int Rule = 0)
{
    /// <summary>Of a rule that the run did not have from the start: which; in a list it becomes one of those.</summary>
    internal ExcludeRule? Found { get; init; }
}
