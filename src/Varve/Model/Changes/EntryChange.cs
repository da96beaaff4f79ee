namespace Varve.Model.Changes;

/// <summary>What became of an entry in a backup, or in a restore.</summary>
internal enum EntryChange
{
    /// <summary>It is new; of a restore: it was restored.</summary>
    New,
    /// <summary>Its content changed; of a symlink, its target.</summary>
    Changed,
    /// <summary>Only its metadata changed.</summary>
    Metadata,
    /// <summary>It came with a directory that was moved or renamed, or is such a directory.</summary>
    Moved,
    /// <summary>It is no longer there.</summary>
    Gone,
    /// <summary>Of a restore: it was there already, whole, from an earlier run.</summary>
    Kept,
    /// <summary>It could not be saved or restored, or not wholly.</summary>
    Failed,
    /// <summary>A partial snapshot left it for the next.</summary>
    Pending,
}
