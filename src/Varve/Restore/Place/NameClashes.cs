using System.Text;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;
using Varve.Restore.Target;

namespace Varve.Restore.Place;

/// <summary>
/// Names of one directory of a snapshot that are one name in the target, because case does not count there: the second would take the place
/// of the first, and a directory would be filled by both. Only directories that have names which differ in case alone are looked at more
/// closely. Reused, and allocates nothing for the others. One thread.
/// </summary>
internal sealed class NameClashes
{
    private readonly HashSet<ulong> _seen = [];
    private readonly List<string> _clashing = [];

    /// <summary>Takes the names of a directory. <paramref name="isDry"/>: what the target does with them is not tried.</summary>
    internal void Begin(TargetDirectory? directory, EntryTable names, bool isDry)
    {
        _seen.Clear();
        _clashing.Clear();
        if (directory is null) { return; }
        for (int i = 0; i < names.Count; i++)
        {
            if (!_seen.Add(Key(names.Name(i)))) { _clashing.Add(Encoding.Latin1.GetString(names.Name(i))); }
        }

        if (_clashing.Count == 0) { return; }
        int error = directory.Pin(out TargetPin pin);
        using (pin)
        {
            if (error != 0 || isDry || !IsInsensitive(pin.Descriptor)) { _clashing.Clear(); }
        }
    }

    /// <summary>Whether a name before this one is the same in the target.</summary>
    internal bool Has(ReadOnlySpan<byte> name) => _clashing.Count > 0 && _clashing.Contains(Encoding.Latin1.GetString(name));

    /// <summary>FNV-1a of the name without its case: two names that meet by accident cost a look.</summary>
    private static ulong Key(ReadOnlySpan<byte> name)
    {
        Span<char> text = stackalloc char[256];
        if (name.Length > text.Length || !Encoding.UTF8.TryGetChars(name, text, out int length)) { length = 0; }
        ulong hash = 14695981039346656037;
        foreach (char c in text[..length]) { hash = (hash ^ char.ToUpperInvariant(c)) * 1099511628211; }
        return hash;
    }

    /// <summary>Tried with a file that is there for a moment.</summary>
    private static bool IsInsensitive(int directory)
    {
        ReadOnlySpan<byte> lower = ".varve-case"u8, upper = ".VARVE-CASE"u8;
        const int flags = Posix.O_WRONLY | Posix.O_CREAT | Posix.O_EXCL;
        if (Posix.OpenAt(directory, lower, flags, Modes.PrivateFile, out SafeFd file) != 0) { return false; }
        file.Close();
        bool same = Posix.StatAt(directory, upper, out _) == 0;
        _ = Posix.UnlinkAt(directory, lower);
        return same;
    }
}
