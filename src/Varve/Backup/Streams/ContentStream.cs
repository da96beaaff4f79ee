using Varve.Model;

namespace Varve.Backup.Streams;

/// <summary>
/// Content that comes from a program, to be a file of a snapshot. It can be read once. The stream stays whoever's opened it. Thread-safe.
/// </summary>
/// <param name="open">Starts the program: called when its content is wanted, once. A read waits until there is more of it.</param>
/// <param name="complete">Called at its end, by the thread that read it: throws what makes the content worthless.</param>
internal sealed class ContentStream(Func<Stream> open, Action complete)
{
    private int _isTaken;

    /// <summary>The content, for the one who reads it.</summary>
    /// <exception cref="VarveException">Storage: it was read already; the run had to begin again meanwhile. The program cannot be
    /// started.</exception>
    internal Stream Take() => Interlocked.Exchange(ref _isTaken, 1) == 0 ? open()
        : throw new VarveException(ErrorKind.Storage, Subject.Request("the command's output"),
        "can be read only once, and the backup had to begin again: its session or its catalog was lost", Advice.RunAgain);

    /// <summary>All of it was read, and it is what it should be.</summary>
    /// <exception cref="VarveException">It is not.</exception>
    internal void Complete() => complete();
}
