namespace Varve.Model;

/// <summary>Flags of a revision, as the format stores them (docs/format.md, 8.1).</summary>
[Flags]
internal enum EntryFlags
{
    /// <summary>Stored exactly as it stood at one moment.</summary>
    None = 0,
    /// <summary>The file never held still while it was read: its content may mix moments.</summary>
    Torn = 1,
}
