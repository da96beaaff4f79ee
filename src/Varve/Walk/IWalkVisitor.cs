using Varve.Model;

namespace Varve.Walk;

/// <summary>
/// What a walk does with the directories it finds. Several threads call it at once, each with its own worker number (0 to threads - 1);
/// for one directory all calls come from one thread: Includes, LeftOut, EntryFailed and EntryMissed as often as needed, then Visit; or
/// Failed alone. What it throws stops the walk.
/// </summary>
/// <typeparam name="TNode">What the visitor knows a directory by.</typeparam>
internal interface IWalkVisitor<TNode> where TNode : class
{
    /// <summary>See <see cref="IListingSink.Includes"/>: an excluded entry is left out of the listing and not looked at.</summary>
    bool Includes(int worker, TNode node, ReadOnlySpan<byte> name, EntryKind kind);

    /// <summary>See <see cref="IListingSink.LeftOut"/>.</summary>
    void LeftOut(int worker, TNode node, ReadOnlySpan<byte> name, EntryKind kind) { }

    /// <summary>
    /// Fills <paramref name="listing"/>, which is empty, with all that Visit is to see of a directory, sorted by name, if that is known:
    /// then the directory is not listed, and no entry of it looked at. Else false, with the table left empty. Before all other calls.
    /// </summary>
    bool Knows(int worker, TNode node, DirectoryHandle handle, EntryTable listing) => false;

    /// <summary>An entry of the directory exists, but its stat could not be read: it is missing from the listing.</summary>
    void EntryFailed(int worker, TNode node, ReadOnlySpan<byte> name, Failure failure);

    /// <summary>See <see cref="IListingSink.Missed"/>.</summary>
    void EntryMissed(int worker, TNode node, ulong inode);

    /// <summary>
    /// The whole listing of a directory, sorted by name. The table becomes the visitor's: it returns it to the pool when it is done with
    /// it, on any thread. The handle is valid during the call; AddRef keeps it. <paramref name="children"/> takes the child directories to
    /// descend into.
    /// </summary>
    void Visit(int worker, TNode node, DirectoryHandle handle, EntryTable listing, WalkChildren<TNode> children);

    /// <summary>
    /// In place of Visit, exactly once: the directory could not be opened or listed. ENOENT says that it vanished, ENOTDIR that something
    /// else has its name now, ESTALE that a directory above it was moved or replaced.
    /// </summary>
    void Failed(int worker, TNode node, Failure failure);
}
