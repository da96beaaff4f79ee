using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;
using Varve.Walk;

namespace Varve.Tests.Walk;

public sealed class WalkAllocationTests : IDisposable
{
    // The largest directory has 500 files in both trees: buffers grow to that, and those of very large directories are not kept, by design.
    private const int Directories = 40, Largest = 500, Few = Largest + 39 * 40, Many = Largest + 39 * 500;

    private readonly ScratchDirectory _few = new(), _many = new();

    public void Dispose()
    {
        _few.Dispose();
        _many.Dispose();
    }

    [Fact]
    public void Ten_times_the_files_take_no_more_allocation()
    {
        Populate(_few.Path, Few);
        Populate(_many.Path, Many);
        var tables = new EntryTablePool();
        Assert.Equal(Many + Directories, Walk(_many, tables)); // the tables grow to what they need
        Assert.Equal(Few + Directories, Walk(_few, tables));
        long few = Allocations.Of(() => Walk(_few, tables)), many = Allocations.Of(() => Walk(_many, tables));
        Assert.True(few > 0, "what a walk itself takes is not counted"); // buffers for the largest directory
        Assert.InRange(many, 1, few + 10_000); // a byte for each entry would be more than that
    }

    private static void Populate(string root, int files)
    {
        for (int d = 0; d < Directories; d++)
        {
            string directory = Directory.CreateDirectory(Path.Combine(root, $"directory {d}")).FullName;
            int here = d == 0 ? Largest : (files - Largest) / (Directories - 1);
            for (int i = 0; i < here; i++) { File.WriteAllBytes(Path.Combine(directory, $"file {i}"), []); }
        }
    }

    private static int Walk(ScratchDirectory scratch, EntryTablePool tables)
    {
        var visitor = new CountingVisitor(tables);
        DirectoryHandle root = DirectoryHandle.Open(scratch.PathBytes, out _)!;
        try { new Walker<object>(visitor, tables, new WalkOptions { Threads = 1 }).Run(root, new object(), CancellationToken.None); }
        finally { root.Release(); }
        return visitor.Entries;
    }
}
