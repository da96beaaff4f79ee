using System.Runtime.ExceptionServices;
using Varve.Model;
using Varve.Platform;

namespace Varve.Walk;

/// <summary>One thread of a walk.</summary>
internal sealed class WalkWorker<TNode>(
    int number, IWalkVisitor<TNode> visitor, EntryTablePool tables, OpenDirectories open, WalkQueue<WalkItem<TNode>> queue)
    : IListingSink where TNode : class
{
    private readonly DirectoryLister _lister = new();
    private readonly WalkChildren<TNode> _children = new();
    private WalkItem<TNode> _current;

    /// <summary>What stopped this worker, and with it the walk.</summary>
    public ExceptionDispatchInfo? Error { get; private set; }

    /// <summary>Works until the walk is over or stopped. Never throws.</summary>
    public void Work()
    {
        try
        {
            while (queue.TryTake(out _current))
            {
                Process();
                queue.Complete(_children.Items);
                _children.Clear();
            }
        }
#pragma warning disable CA1031 // a thread's edge: Run throws it on
        catch (Exception e)
        {
            Error = ExceptionDispatchInfo.Capture(e);
            queue.Stop();
        }
#pragma warning restore CA1031
    }

    bool IListingSink.Includes(ReadOnlySpan<byte> name, EntryKind kind) => visitor.Includes(number, _current.Node, name, kind);

    void IListingSink.LeftOut(ReadOnlySpan<byte> name, EntryKind kind) => visitor.LeftOut(number, _current.Node, name, kind);

    void IListingSink.StatFailed(ReadOnlySpan<byte> name, int errno) => visitor.EntryFailed(
        number, _current.Node, name, new Failure(_current.Directory.Path(name), FailedOperation.Stat, errno, Errno.Message(errno)));

    void IListingSink.Missed(ulong inode) => visitor.EntryMissed(number, _current.Node, inode);

    private void Process()
    {
        DirectoryHandle? handle = open.Open(_current.Directory, out int errno);
        if (handle is null)
        {
            Fail(errno);
            return;
        }

        try
        {
            if (Endless(_current.Directory) is { } loop)
            {
                visitor.Failed(number, _current.Node, new Failure(_current.Directory.Path([]), FailedOperation.List, Errno.ELOOP, loop));
                return;
            }

            EntryTable listing = tables.Rent();
            errno = visitor.Knows(number, _current.Node, handle, listing) ? 0 : _lister.List(handle, listing, this);
            if (errno != 0)
            {
                tables.Return(listing);
                Fail(errno);
                return;
            }

            _children.Begin(_current.Directory, listing);
            visitor.Visit(number, _current.Node, handle, listing, _children);
            _children.End();
            // Before the children are there to be taken by others.
            if (_children.Items.Length > 0) { open.Keep(_current.Directory, handle, _children.Items.Length); }
        }
        finally { handle.Release(); }
    }

    /// <summary>Why there is no end below a directory, as far as can be told; null if there may be.</summary>
    private static string? Endless(WalkDirectory directory)
    {
        if (directory.Again() is { } above)
        {
            string name = above.Parent is null ? "the root of the source" : PathText.Of(above.Path([]));
            return $"is {name} again: a directory that contains itself";
        }

        return directory.Depth > WalkOptions.MostLevels ? WalkOptions.TooDeep : null;
    }

    private void Fail(int errno) => visitor.Failed(
        number, _current.Node, new Failure(_current.Directory.Path([]), FailedOperation.List, errno, Errno.Message(errno)));
}
