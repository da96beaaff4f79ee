using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Restore.Target;

/// <summary>
/// Directories that belong to the user and whose mode keeps him from listing, searching or writing to them: he may change that, and does
/// for as long as the restore needs. Root needs no such thing. Stateless; the methods take an error number of what came before, and do
/// nothing but pass it on if there was one.
/// </summary>
internal static class OwnRights
{
    /// <summary>
    /// Tells what an open directory is, and gives its owner all rights if he is the user and lacks some: <paramref name="modeBefore"/> is
    /// what it had then.
    /// </summary>
    internal static int Take(int error, SafeFd directory, out EntryStat stat, out uint? modeBefore)
    {
        (stat, modeBefore) = (default, null);
        if (error == 0) { error = Posix.Stat(directory.Value, out stat); }
        if (error != 0 || !Lacks(in stat) || stat.Uid == 0) { return error; }
        modeBefore = stat.Mode;
        return Posix.SetMode(directory.Value, stat.Mode | Modes.PrivateDirectory);
    }

    /// <summary>
    /// The same for one that could not be opened (EACCES) and is only held: opens it if that helped. Closes <paramref name="held"/>.
    /// </summary>
    internal static int Open(int error, SafeFd held, out SafeFd directory, out EntryStat stat, out uint? modeBefore)
    {
        (directory, stat, modeBefore) = (default, default, null);
        if (error == 0) { error = Posix.Stat(held.Value, out stat); }
        if (error == 0 && !(stat.Kind == EntryKind.Directory && Lacks(in stat))) { error = Errno.EACCES; }
        if (error == 0)
        {
            modeBefore = stat.Mode;
            error = Posix.SetModeOfHeld(held.Value, stat.Mode | Modes.PrivateDirectory);
        }

        if (error == 0) { error = Posix.OpenHeld(held.Value, Posix.O_DIRECTORY, out directory); }
        held.Close();
        return error;
    }

    private static bool Lacks(in EntryStat stat) =>
        (stat.Mode & Modes.PrivateDirectory) != Modes.PrivateDirectory && stat.Uid == Posix.EffectiveUser();
}
