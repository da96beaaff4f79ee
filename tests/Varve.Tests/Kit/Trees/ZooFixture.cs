namespace Varve.Tests.Kit.Trees;

/// <summary>
/// One small zoo for all tests of a class, and room beside it. Everything is removed at the end only: ext4 is slow to make files just after
/// many were removed.
/// </summary>
public sealed class ZooFixture : IDisposable
{
    private readonly ZooDirectory _directory = new();
    private int _next;

    public ZooFixture() => Zoo.Create(Original, names: 3);

    /// <summary>A zoo that is not to be changed.</summary>
    public string Original => _directory["original"];

    /// <summary>A path that does not exist yet.</summary>
    public string NewPath() => _directory[$"{Interlocked.Increment(ref _next)}"];

    public void Dispose() => _directory.Dispose();
}
