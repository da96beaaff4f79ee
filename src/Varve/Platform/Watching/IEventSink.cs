namespace Varve.Platform.Watching;

/// <summary>Takes events as they are read.</summary>
internal interface IEventSink
{
    /// <summary>
    /// Something happened. Handles are those of <see cref="FileHandles"/>, valid during the call; empty where the kernel names none.
    /// </summary>
    /// <param name="events">What, perhaps several things, in whatever order.</param>
    /// <param name="directory">The directory of the name by which it happened, or the directory that it happened to.</param>
    /// <param name="target">What it happened to.</param>
    void Happened(FileEvents events, ReadOnlySpan<byte> directory, ReadOnlySpan<byte> target);
}
