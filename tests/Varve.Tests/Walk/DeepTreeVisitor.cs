using System.Collections.Concurrent;
using Varve.Model;
using Varve.Tests.Kit.Measures;
using Varve.Walk;

namespace Varve.Tests.Walk;

/// <summary>Counts only: paths of a deep tree are long.</summary>
internal sealed class DeepTreeVisitor(EntryTablePool tables, string path) : IWalkVisitor<object>
{
    private int _visits, _entries;

    public int Visits => _visits;

    public int Entries => _entries;

    public int MostOpen { get; private set; }

    public ConcurrentBag<Failure> Failures { get; } = [];

    public bool Includes(int worker, object node, ReadOnlySpan<byte> name, EntryKind kind) => true;

    public void EntryFailed(int worker, object node, ReadOnlySpan<byte> name, Failure failure) => Failures.Add(failure);

    public void EntryMissed(int worker, object node, ulong inode) => Assert.Fail($"{inode} was missed");

    public void Failed(int worker, object node, Failure failure) => Failures.Add(failure);

    public void Visit(int worker, object node, DirectoryHandle handle, EntryTable listing, WalkChildren<object> children)
    {
        if (Interlocked.Increment(ref _visits) % 500 == 0)
        {
            int open = OpenDescriptors.Below(path);
            lock (this) { MostOpen = Math.Max(MostOpen, open); }
        }

        Interlocked.Add(ref _entries, listing.Count);
        for (int i = 0; i < listing.Count; i++)
        {
            if (listing.Stat(i).Kind == EntryKind.Directory) { children.Add(i, node); }
        }

        tables.Return(listing);
    }
}
