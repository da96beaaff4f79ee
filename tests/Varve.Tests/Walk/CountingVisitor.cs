using Varve.Model;
using Varve.Walk;

namespace Varve.Tests.Walk;

/// <summary>Descends everywhere, counts entries and keeps nothing.</summary>
internal sealed class CountingVisitor(EntryTablePool tables) : IWalkVisitor<object>
{
    private static readonly object Below = new();

    internal int Entries { get; private set; }

    public bool Includes(int worker, object node, ReadOnlySpan<byte> name, EntryKind kind) => true;

    public void EntryFailed(int worker, object node, ReadOnlySpan<byte> name, Failure failure) => Assert.Fail(failure.ToString());

    public void EntryMissed(int worker, object node, ulong inode) => Assert.Fail($"{inode} was missed");

    public void Visit(int worker, object node, DirectoryHandle handle, EntryTable listing, WalkChildren<object> children)
    {
        Entries += listing.Count;
        for (int i = 0; i < listing.Count; i++)
        {
            if (listing.Stat(i).Kind == EntryKind.Directory) { children.Add(i, Below); }
        }

        tables.Return(listing);
    }

    public void Failed(int worker, object node, Failure failure) => Assert.Fail(failure.ToString());
}
