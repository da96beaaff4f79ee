namespace Varve.Archives.Lists;

/// <summary>
/// What a line of a list says of an entry. Spans are views of a buffer of whoever made it: they hold until its next entry. What a list does
/// not say is missing: empty, or negative.
/// </summary>
internal ref struct ListEntry
{
    /// <summary>Nothing is known.</summary>
    public ListEntry()
    {
    }

    /// <summary>The path, bytes; never empty in what a reader gives.</summary>
    public ReadOnlySpan<byte> Name { get; set; }

    /// <summary>Last change of content, if <see cref="HasTime"/>.</summary>
    public FileTime Time { get; set; }

    /// <summary>Whether there is a time.</summary>
    public bool HasTime { get; set; }

    /// <summary>Bytes; negative if it is not known.</summary>
    public long Size { get; set; } = -1;

    /// <summary>Inode number, or null.</summary>
    public ulong? Inode { get; set; }

    /// <summary>The 12 permission bits; negative if they are not known.</summary>
    public int Mode { get; set; } = -1;

    /// <summary>What it is; <see cref="EntryKind.None"/> if that is not known.</summary>
    public EntryKind Kind { get; set; }

    /// <summary>The group: a name, or a number in decimal digits.</summary>
    public ReadOnlySpan<byte> Group { get; set; }

    /// <summary>The owner, as <see cref="Group"/>.</summary>
    public ReadOnlySpan<byte> User { get; set; }

    /// <summary>The number of the file system, as <c>stat</c> gives it, or null.</summary>
    public ulong? Device { get; set; }

    /// <summary>
    /// Further fields as they stood before the others, each <c>KEY=VALUE</c> with a separator behind it; the reader's separator.
    /// </summary>
    public ReadOnlySpan<byte> Further { get; set; }

    /// <summary>The fraction of a second to which the time is known, in nanoseconds: 1, 1,000,000,000 for whole seconds.</summary>
    public long Precision { get; set; } = 1;
}
