namespace Varve.Restore.Target;

/// <summary>
/// What a restore could not give back because of who runs it or what the target's file system can hold: counted, and said once at the end
/// rather than per file, with the first paths. Thread-safe; the numbers are exact after the workers have ended.
/// </summary>
internal sealed class MetadataLosses
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
        "{0} entries kept the permissions that the target gives",
        "{0} further names of files became copies: the target has no hard links, or not so many",
    ];

    private const int MostNamed = 3;

    // What the thread is at: named only when something is lost.
    [ThreadStatic] private static TargetDirectory? t_directory;
    [ThreadStatic] private static byte[]? t_name;
    [ThreadStatic] private static int t_length;

    private readonly long[] _counts = new long[s_sentences.Length];
    private readonly List<string>[] _paths = [.. s_sentences.Select(static _ => new List<string>())]; // each guarded by itself

    /// <summary>Says what the calling thread sets metadata of from now on; copies a name and allocates nothing.</summary>
    internal static void At(TargetDirectory directory, ReadOnlySpan<byte> name)
    {
        t_name ??= new byte[256];
        t_directory = directory;
        t_length = Math.Min(name.Length, t_name.Length);
        name[..t_length].CopyTo(t_name);
    }

    /// <summary>One line for people per kind of loss.</summary>
    public IReadOnlyList<string> Lines()
    {
        var lines = new List<string>();
        for (int i = 0; i < _counts.Length; i++)
        {
            long n = Of((Loss)i);
            if (n == 0) { continue; }
            string line = string.Format(System.Globalization.CultureInfo.InvariantCulture, s_sentences[i], n);
            lock (_paths[i])
            {
                string more = n > _paths[i].Count ? ", \u2026" : "";
                lines.Add(_paths[i].Count == 0 ? line : $"{line}: {string.Join(", ", _paths[i])}{more}");
            }
        }

        return lines;
    }

    internal enum Loss { Owner, SetIdBits, Devices, UserXattr, TrustedXattr, SecurityXattr, Acl, OtherXattr, Flags, Time, Mode, Links }

    internal void Add(Loss loss)
    {
        if (Interlocked.Increment(ref _counts[(int)loss]) > MostNamed || t_directory is not { } directory) { return; }
        byte[] path = directory.RelativePath(t_name.AsSpan(0, t_length));
        lock (_paths[(int)loss]) { _paths[(int)loss].Add(path.Length == 0 ? "." : TargetName.Display(path)); }
    }

    internal void AddXattr(ReadOnlySpan<byte> name) => Add(
        name.StartsWith("user."u8) ? Loss.UserXattr
        : name.StartsWith("trusted."u8) ? Loss.TrustedXattr
        : name.StartsWith("security."u8) ? Loss.SecurityXattr
        : name.StartsWith("system."u8) ? Loss.Acl : Loss.OtherXattr);

    /// <summary>How often that was lost.</summary>
    internal long Of(Loss loss) => Volatile.Read(ref _counts[(int)loss]);
}
