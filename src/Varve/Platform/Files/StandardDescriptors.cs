namespace Varve.Platform.Files;

/// <summary>
/// Descriptors 0 to 2. A process may be started with some of them closed; then the next file that is opened gets the number, and what is
/// meant for people ends up in it: in an object of a repository, or in a pipe of the runtime, which aborts for it.
/// </summary>
internal static class StandardDescriptors
{
    internal const int Input = 0, Output = 1, Error = 2;

    private const int Count = 3;

    /// <summary>
    /// Whether whoever started the process gave it this descriptor. What survived the start is not closed on exec; what the runtime has
    /// opened since is, and so is all that this program opens. Ask before <see cref="Hold"/>.
    /// </summary>
    internal static bool IsGiven(int descriptor) => Posix.ClosesOnExec(descriptor, out bool closes) == 0 && !closes;

    /// <summary>Opens /dev/null, or, where there is none, what nobody can write to, in the place of those that are closed.</summary>
    internal static void Hold()
    {
        for (int i = 0; i < Count; i++)
        {
            if (Posix.ClosesOnExec(i, out _) == 0) { continue; }
            // The lowest number that is free.
            int errno = Posix.OpenAt(Posix.AT_FDCWD, "/dev/null"u8, Posix.O_RDWR, out SafeFd filler);
            if (errno != 0) { errno = Posix.OpenAt(Posix.AT_FDCWD, "/"u8, Posix.O_PATH, out filler); }
            if (errno != 0) { return; }
            if (filler.Value == i) { Posix.KeepOnExec(i); } // programs that are run are spared the same
            else { filler.Close(); }
        }
    }
}
