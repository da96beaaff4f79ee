namespace Varve.Model.Changes;

/// <summary>An entry that a run has dealt with and that is not as it was.</summary>
/// <param name="Change">What became of it.</param>
/// <param name="Path">Relative to the root of the source or target, bytes; empty for the root.</param>
/// <param name="Kind">What it is; None if that is not known.</param>
/// <param name="Failure">Of <see cref="EntryChange.Failed"/>: why.</param>
internal readonly record struct ChangedEntry(EntryChange Change, byte[] Path, EntryKind Kind, Failure? Failure = null)
{
    /// <summary>Bytes of what goes, or of what a dry run would write; null where nobody says.</summary>
    internal long? Size { get; init; }

    /// <summary>One that failed.</summary>
    internal static ChangedEntry Of(Failure failure) => new(EntryChange.Failed, failure.Path, EntryKind.None, failure);
}
