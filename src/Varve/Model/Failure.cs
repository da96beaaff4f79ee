namespace Varve;

/// <summary>A path that could not be backed up or restored: data in the result, never an exception.</summary>
/// <param name="Path">Relative to the root of the source or target, bytes; empty for the root itself.</param>
/// <param name="Operation">What was being done.</param>
/// <param name="Errno">The system's error number, 0 if there was none.</param>
/// <param name="Message">One line for people.</param>
public sealed record Failure(byte[] Path, FailedOperation Operation, int Errno, string Message)
{
    /// <summary>
    /// Of metadata: which. <c>xattr NAME</c>, <c>xattrs</c> (all of them), <c>target</c> (of a symlink), <c>owner</c>, <c>mode</c>,
    /// <c>times</c>, <c>flags</c>. Null for any other failure, and in a list that comes from a snapshot: there the message says it.
    /// </summary>
    public string? Attribute { get; init; }

    /// <summary>
    /// Of what a snapshot lacks: whether it has the entry all the same, torn, without some of its metadata, or, of a directory, without
    /// some of what is in it.
    /// </summary>
    public bool IsStored { get; init; }

    /// <summary>What it takes, in bytes.</summary>
    internal long Footprint => Path.Length + (2L * Message.Length);

    /// <summary>Orders by path.</summary>
    internal static int ByPath(Failure a, Failure b) => a.Path.AsSpan().SequenceCompareTo(b.Path);
}
