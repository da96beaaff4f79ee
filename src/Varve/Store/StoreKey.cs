using System.Buffers;

namespace Varve.Store;

/// <summary>
/// What keys look like: up to 8 components of <c>a-z 0-9 _ - .</c> parted by slashes, at most 200 characters, no component empty or
/// beginning with a dot, none but the last longer than 16 characters. The component <c>tmp</c> is not allowed in front: in a local store,
/// unfinished writes lie there.
/// </summary>
internal static class StoreKey
{
    /// <summary>Longest key in characters; all are ASCII.</summary>
    public const int MaxLength = 200;

    /// <summary>Most components of a key.</summary>
    public const int MaxDepth = 8;

    /// <summary>Longest component that others follow: whatever has a longer name stands where an object should.</summary>
    public const int MaxDirectoryLength = 16;

    /// <summary>The directory of unfinished writes, which holds no objects.</summary>
    public const string TemporaryDirectory = "tmp";

    /// <summary>The directory of mutable objects.</summary>
    public const string MutableDirectory = "sessions";

    private static readonly SearchValues<char> s_allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_-.");

    /// <summary>Whether this can be the key of an object.</summary>
    public static bool IsValid(ReadOnlySpan<char> key)
    {
        if (key.Length > MaxLength || key.Count('/') >= MaxDepth) { return false; }
        if (key is TemporaryDirectory || key.StartsWith(TemporaryDirectory + "/")) { return false; }
        foreach (Range part in key.Split('/'))
        {
            ReadOnlySpan<char> component = key[part];
            if (!IsComponent(component)) { return false; }
            if (component.Length > MaxDirectoryLength && part.End.GetOffset(key.Length) < key.Length) { return false; }
        }

        return true;
    }

    /// <summary>Whether this can be one component of a key.</summary>
    public static bool IsComponent(ReadOnlySpan<char> name) => name.Length > 0 && name[0] != '.' && !name.ContainsAnyExcept(s_allowed);

    /// <summary>Whether the object may be replaced: the header and the sessions; everything else is immutable.</summary>
    public static bool IsMutable(string key) => key == "varve" || key.StartsWith(MutableDirectory + "/", StringComparison.Ordinal);

    /// <summary>Throws <see cref="ArgumentException"/> unless the key is valid.</summary>
    public static void Check(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!IsValid(key)) { throw new ArgumentException($"'{key}' is not a key.", nameof(key)); }
    }

    /// <summary>Throws <see cref="ArgumentException"/> unless the key is valid and mutable.</summary>
    public static void CheckMutable(string key)
    {
        Check(key);
        if (!IsMutable(key)) { throw new ArgumentException($"'{key}' is immutable.", nameof(key)); }
    }

    /// <summary>
    /// Throws <see cref="ArgumentException"/> unless keys can begin like this: whole components, then the beginning of one.
    /// </summary>
    public static void CheckPrefix(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        if (prefix.Length > 0 && !IsValid(prefix[^1] == '/' ? prefix + "x" : prefix))
        {
            throw new ArgumentException($"No key begins with '{prefix}'.", nameof(prefix));
        }
    }
}
