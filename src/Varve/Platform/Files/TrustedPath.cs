using System.Text;
using Varve.Model;

namespace Varve.Platform.Files;

/// <summary>
/// Whether others could put something else in the place of what a path leads to. Each directory in which a name of the path is looked up,
/// from the root on and along symlinks, must belong to root or to the user of this process, and nobody else may write to it unless it is
/// sticky: then others cannot take away what is not theirs. Stateless, thread-safe.
/// </summary>
internal static class TrustedPath
{
    private const int MostLinks = 40, LongestLink = 4096;

    /// <summary>
    /// Why they could, as a sentence without a full stop; null if they could not. What the path leads to is not looked at, and where
    /// something is missing the search ends: who makes it makes it in what was looked at.
    /// </summary>
    /// <param name="path">Absolute, and free of <c>..</c> but in symlinks.</param>
    /// <param name="alsoOf">A user who may have the directories besides root and this one.</param>
    internal static string? Problem(string path, uint? alsoOf = null)
    {
        var names = new Stack<byte[]>();
        Push(names, Encoding.UTF8.GetBytes(path));
        if (OpenRoot(out SafeFd at) != 0) { return null; }
        string place = "/", seen = "";
        bool isSticky = false;
        int links = 0;
        string? problem = null;
        while (problem is null && names.TryPop(out byte[]? name))
        {
            if (seen != place)
            {
                problem = ProblemOf(at.Value, place, alsoOf, out isSticky);
                seen = place;
                if (problem is not null) { break; }
            }

            // What cannot be looked at is found out by whoever opens it.
            if (Posix.HoldAt(at.Value, name, out SafeFd next) != 0) { break; }
            if (Posix.Stat(next.Value, out EntryStat stat) != 0)
            {
                next.Close();
                break;
            }

            string below = Path.GetFullPath(Path.Combine(place, Encoding.UTF8.GetString(name)));
            if (stat.Kind != EntryKind.Symlink)
            {
                at.Close();
                (at, place) = (next, below);
                continue;
            }

            next.Close();
            if (isSticky && !IsOf(stat.Uid, alsoOf))
            {
                problem = $"{below}, a symbolic link on the way to it, belongs to {UserText.Of(stat.Uid)}";
                break;
            }

            var target = new byte[LongestLink];
            if (++links > MostLinks || Posix.ReadLinkAt(at.Value, name, target, out int length) != 0) { break; }
            if (length > 0 && target[0] == (byte)'/')
            {
                at.Close();
                if (OpenRoot(out at) != 0) { break; }
                place = "/";
            }

            Push(names, target.AsSpan(0, length));
        }

        at.Close();
        return problem;
    }

    private static int OpenRoot(out SafeFd root) => Posix.OpenAt(Posix.AT_FDCWD, "/"u8, Posix.O_PATH | Posix.O_DIRECTORY, out root);

    /// <summary>The names of a path, the first on top.</summary>
    private static void Push(Stack<byte[]> names, ReadOnlySpan<byte> path)
    {
        while (!path.IsEmpty)
        {
            int slash = path.LastIndexOf((byte)'/');
            if (slash + 1 < path.Length) { names.Push(path[(slash + 1)..].ToArray()); }
            path = slash < 0 ? default : path[..slash];
        }
    }

    private static string? ProblemOf(int directory, string place, uint? alsoOf, out bool isSticky)
    {
        isSticky = false;
        if (Posix.Stat(directory, out EntryStat stat) != 0) { return null; }
        if (!IsOf(stat.Uid, alsoOf))
        {
            return $"{place}, above it, belongs to {UserText.Of(stat.Uid)}, who could put another in its place";
        }

        isSticky = (stat.Mode & Modes.Sticky) != 0;
        return (stat.Mode & Modes.WritableByOthers) == 0 || isSticky || IsOfOwnGroup(directory, in stat)
            || HiddenDirectory.Is(directory, Posix.EffectiveUser()) ? null
            : $"others may write to {place}, above it, and could put another in its place";
    }

    private static bool IsOf(uint owner, uint? alsoOf) =>
        owner == 0 || owner == Posix.EffectiveUser() || owner == UserNamespace.Unmapped || owner == alsoOf;

    /// <summary>
    /// Whether it is only the group that may write besides the owner, and that is the owner's own: of his name, with nobody else in it.
    /// Where each user has such a group (a umask of 002) his directories are so, and nobody else can write to them.
    /// </summary>
    private static bool IsOfOwnGroup(int directory, in EntryStat stat)
    {
        const uint ByAnybody = 0x2;
        if ((stat.Mode & ByAnybody) != 0 || !Posix.IsGroupOfOne(stat.Gid, stat.Uid)) { return false; }
        if (Posix.OpenAt(directory, "."u8, Posix.O_RDONLY | Posix.O_DIRECTORY, out SafeFd file) != 0) { return false; }
        bool hasAcl = Posix.HasXattr(file.Value, "system.posix_acl_access"u8); // then the group's bit is that of all whom it names
        file.Close();
        return !hasAcl;
    }
}
