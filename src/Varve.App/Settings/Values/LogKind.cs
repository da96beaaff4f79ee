namespace Varve.App.Settings.Values;

/// <summary>What a backup can have seen of an entry.</summary>
internal enum LogKind
{
    /// <summary>It was not there before.</summary>
    New,
    /// <summary>Its content changed.</summary>
    Changed,
    /// <summary>Only its metadata changed.</summary>
    Metadata,
    /// <summary>It was moved or renamed.</summary>
    Moved,
    /// <summary>It is no longer there.</summary>
    Gone,
    /// <summary>It could not be saved, or not wholly.</summary>
    Failed,
    /// <summary>A partial snapshot left it for the next.</summary>
    Pending,
    /// <summary>It never held still while it was read.</summary>
    Torn,
    /// <summary>It was left out on purpose: by a rule, or as another file system.</summary>
    LeftOut,
}
