using Varve.Model.Changes;

namespace Varve.History.Differences;

/// <summary>An entry that is not the same in two snapshots. Immutable.</summary>
/// <param name="Change">What became of it from one to the other. <see cref="EntryChange.Failed"/>, <see cref="EntryChange.Pending"/>: one
/// of them lacks it, with all below it, because it could not be saved, or was left for the next.</param>
/// <param name="Before">What it was; null if it was not there.</param>
/// <param name="After">What it is; null if it is not there.</param>
/// <param name="Properties">What of it changed, if it was and is there.</param>
internal sealed record Difference(EntryChange Change, EntryState? Before, EntryState? After, EntryProperties Properties)
{
    /// <summary>Where it is, or was.</summary>
    internal byte[] Path => (After ?? Before)!.Path;

    /// <summary>Where it was, if it was moved; else null.</summary>
    internal byte[]? MovedFrom => Change == EntryChange.Moved ? Before!.Path : null;
}
