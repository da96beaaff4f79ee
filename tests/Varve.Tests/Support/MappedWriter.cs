using System.IO.MemoryMappedFiles;

namespace Varve.Tests.Support;

/// <summary>Has a file mapped and stores numbers to it: when told to, or all the time.</summary>
internal sealed class MappedWriter : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly Thread[] _threads;
    private readonly long _pages;
    private volatile bool _stop;

    /// <param name="path">The file, which exists.</param>
    /// <param name="restless">Two threads store to its pages as fast as they can.</param>
    /// <param name="pages">To so many of them, from its beginning.</param>
    public MappedWriter(string path, bool restless = false, int pages = int.MaxValue)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open);
        _view = _file.CreateViewAccessor();
        _pages = Math.Min(pages, _view.Capacity / 4096);
        _threads = [.. Enumerable.Range(0, restless ? 2 : 0).Select(i => new Thread(() => Work(i)) { IsBackground = true })];
        foreach (Thread thread in _threads) { thread.Start(); }
    }

    public void Store(long number, long page = 0) => _view.Write(page * 4096, number);

    public void Dispose()
    {
        _stop = true;
        foreach (Thread thread in _threads) { thread.Join(); }
        _view.Dispose();
        _file.Dispose();
    }

    private void Work(int seed)
    {
        var random = new Random(seed);
        for (long n = 1; !_stop; n++) { _view.Write(random.NextInt64(_pages) * 4096, n); }
    }
}
