namespace Varve.Backup.Unstable;

/// <summary>
/// Rests between tries to find files at rest that belong together: longer each time, a quarter of a second in all. A writer's transaction
/// is over in a few milliseconds, and without a rest all tries would fall into one.
/// </summary>
internal static class Pause
{
    private const int Longest = 7; // 128 ms

    /// <summary>After try <paramref name="number"/>, counted from 0.</summary>
    internal static void After(int number) => Thread.Sleep(1 << Math.Min(number, Longest));
}
