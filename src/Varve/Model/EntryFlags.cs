namespace Varve.Model;

/// <summary>Flags of a revision, as the format stores them (docs/format.md, 8.1).</summary>
[Flags]
internal enum EntryFlags
{
    /// <summary>Stored exactly as it stood at one moment.</summary>
    None = 0,
    /// <summary>The file never held still while it was read: its content may mix moments.</summary>
    Torn = 1,
    /// <summary>
    /// Stored as it stood at one moment, but the file can change, or could when it was read, without its stat telling: no later run takes
    /// it for unchanged.
    /// </summary>
    Moving = 2,
    /// <summary>An extended attribute could not be read: a later run tries again, whatever the stat says.</summary>
    Incomplete = 4,
    /// <summary>The flags of files that a later run reads again whatever their stat says.</summary>
    Unsettled = Torn | Moving,
    /// <summary>The flags of what a later run looks at again whatever its stat says.</summary>
    Distrusted = Unsettled | Incomplete,
}
