using System.Globalization;
using System.Security.Cryptography;

namespace Varve.Freeze;

/// <summary>
/// The names of our snapshots: <c>varve-snapshot-PID-BOOT-RANDOM</c>. They tell people whose a snapshot is and whether its maker can still
/// live; what may be removed is decided by <see cref="FreezeRecord"/> and its lock, and by the name as well. Stateless.
/// </summary>
internal static class FreezeName
{
    private const string Prefix = "varve-snapshot-";
    private const int BootDigits = 8, RandomDigits = 16;

    /// <summary>A new name.</summary>
    public static string Create() => string.Create(CultureInfo.InvariantCulture,
        $"{Prefix}{Environment.ProcessId}-{BootId()}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomDigits / 2))}");

    /// <summary>Whether a name is one of these, in every part.</summary>
    public static bool IsOurs(ReadOnlySpan<char> name)
    {
        if (!name.StartsWith(Prefix)) { return false; }
        Span<Range> parts = stackalloc Range[4];
        ReadOnlySpan<char> rest = name[Prefix.Length..];
        return rest.Split(parts, '-') == 3
            && rest[parts[0]].Length is > 0 and <= 10 && rest[parts[0]].IndexOfAnyExceptInRange('0', '9') < 0
            && IsHex(rest[parts[1]], BootDigits) && IsHex(rest[parts[2]], RandomDigits);
    }

    private static readonly System.Buffers.SearchValues<char> _hex = System.Buffers.SearchValues.Create("0123456789abcdef");

    private static bool IsHex(ReadOnlySpan<char> text, int length) =>
        text.Length == length && !text.ContainsAnyExcept(_hex);

    // The first digits of the kernel's random id of this boot.
    private static string BootId()
    {
        try { return File.ReadAllText("/proc/sys/kernel/random/boot_id")[..BootDigits]; }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            return new string('0', BootDigits);
        }
    }
}
