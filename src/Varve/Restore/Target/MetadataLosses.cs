namespace Varve.Restore.Target;

/// <summary>
/// What a restore could not give back because of who runs it or what the target's file system can hold: counted, and said once at the end rather
/// than per file. Thread-safe; the numbers are exact after the workers have ended.
/// </summary>
public sealed class MetadataLosses
{
    private static readonly string[] s_sentences =
    [
        "{0} entries kept the owner or group they were created with",
        "{0} files lost setuid or setgid because their owner could not be set",
        "{0} devices were not created",
        "{0} user extended attributes were not set",
        "{0} trusted extended attributes were not set",
        "{0} security extended attributes (capabilities, labels) were not set",
        "{0} access control lists were not set",
        "{0} extended attributes of other kinds were not set",
        "{0} entries have not all attribute flags (immutable, append-only, no-dump, compressed)",
        "{0} modification times are out of the target's range",
    ];

    private readonly long[] _counts = new long[s_sentences.Length];

    /// <summary>Entries whose owner or group could not be set.</summary>
    public long Owner => Read(Loss.Owner);
    /// <summary>Entries that lost setuid or setgid with their owner.</summary>
    public long SetIdBits => Read(Loss.SetIdBits);
    /// <summary>Devices that could not be made.</summary>
    public long Devices => Read(Loss.Devices);
    /// <summary>Attributes user.*.</summary>
    public long UserXattrs => Read(Loss.UserXattr);
    /// <summary>Attributes trusted.*.</summary>
    public long TrustedXattrs => Read(Loss.TrustedXattr);
    /// <summary>Attributes security.*.</summary>
    public long SecurityXattrs => Read(Loss.SecurityXattr);
    /// <summary>Access control lists: attributes system.*.</summary>
    public long Acls => Read(Loss.Acl);
    /// <summary>Attributes of other name spaces.</summary>
    public long OtherXattrs => Read(Loss.OtherXattr);
    /// <summary>Entries that lack attribute flags.</summary>
    public long Flags => Read(Loss.Flags);
    /// <summary>Entries whose time the file system cannot hold.</summary>
    public long Times => Read(Loss.Time);

    /// <summary>Whether anything was lost.</summary>
    public bool Any => _counts.Any(static n => n != 0);

    /// <summary>One line for people per kind of loss.</summary>
    public IReadOnlyList<string> Lines()
    {
        var lines = new List<string>();
        for (int i = 0; i < _counts.Length; i++)
        {
            long n = Volatile.Read(ref _counts[i]);
            if (n != 0) { lines.Add(string.Format(System.Globalization.CultureInfo.InvariantCulture, s_sentences[i], n)); }
        }

        return lines;
    }

    internal enum Loss { Owner, SetIdBits, Devices, UserXattr, TrustedXattr, SecurityXattr, Acl, OtherXattr, Flags, Time }

    internal void Add(Loss loss) => Interlocked.Increment(ref _counts[(int)loss]);

    internal void AddXattr(ReadOnlySpan<byte> name) => Add(
        name.StartsWith("user."u8) ? Loss.UserXattr
        : name.StartsWith("trusted."u8) ? Loss.TrustedXattr
        : name.StartsWith("security."u8) ? Loss.SecurityXattr
        : name.StartsWith("system."u8) ? Loss.Acl : Loss.OtherXattr);

    private long Read(Loss loss) => Volatile.Read(ref _counts[(int)loss]);
}
