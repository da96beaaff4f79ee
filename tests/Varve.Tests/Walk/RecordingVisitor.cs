using System.Collections.Concurrent;
using System.Text;
using Varve.Model;
using Varve.Walk;

namespace Varve.Tests.Walk;

/// <summary>Descends everywhere and remembers what it saw. A node is the path relative to the root, bytes as Latin-1.</summary>
internal sealed class RecordingVisitor(EntryTablePool tables) : IWalkVisitor<string>
{
    /// <summary>Every entry by path.</summary>
    public ConcurrentDictionary<string, EntryStat> Entries { get; } = new(StringComparer.Ordinal);

    /// <summary>How often each directory was visited.</summary>
    public ConcurrentDictionary<string, int> Visits { get; } = new(StringComparer.Ordinal);

    public ConcurrentBag<(string Node, Failure Failure)> Failures { get; } = [];

    public ConcurrentBag<Failure> EntryFailures { get; } = [];

    public Func<string, EntryKind, bool> Filter { get; set; } = (_, _) => true;

    /// <summary>Called at each visit before anything is recorded.</summary>
    public Action<string, DirectoryHandle, int> OnVisit { get; set; } = (_, _, _) => { };

    public bool Includes(int worker, string node, ReadOnlySpan<byte> name, EntryKind kind) => Filter(Encoding.Latin1.GetString(name), kind);

    public void EntryFailed(int worker, string node, ReadOnlySpan<byte> name, Failure failure)
    {
        Assert.Equal(Join(node, Encoding.Latin1.GetString(name)), Encoding.Latin1.GetString(failure.Path));
        EntryFailures.Add(failure);
    }

    public void Visit(int worker, string node, DirectoryHandle handle, EntryTable listing, WalkChildren<string> children)
    {
        OnVisit(node, handle, worker);
        Visits.AddOrUpdate(node, 1, (_, n) => n + 1);
        for (int i = 0; i < listing.Count; i++)
        {
            Assert.True(i == 0 || listing.Name(i - 1).SequenceCompareTo(listing.Name(i)) < 0, "not sorted");
            string path = Join(node, Encoding.Latin1.GetString(listing.Name(i)));
            Assert.True(Entries.TryAdd(path, listing.Stat(i)), path);
            if (listing.Stat(i).Kind == EntryKind.Directory) { children.Add(i, path); }
        }

        tables.Return(listing);
    }

    public void EntryMissed(int worker, string node, ulong inode) => Assert.Fail($"{inode} was missed in {node}");

    public void Failed(int worker, string node, Failure failure)
    {
        Assert.Equal(node, Encoding.Latin1.GetString(failure.Path));
        Failures.Add((node, failure));
    }

    private static string Join(string node, string name) => node.Length == 0 ? name : node + "/" + name;
}
