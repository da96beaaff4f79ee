namespace Varve.Fuzz;

/// <summary>
/// Looks that an input comes to an end, and ends the process if it does not: nothing else stops a loop. What was run last lies in a file,
/// so that it is there too if the process crashed. Thread-safe.
/// </summary>
internal sealed class Watch : IDisposable
{
    // By the clock on the wall, on a machine where others work too.
    private const int LimitMilliseconds = 120_000;

    private readonly FileStream _last;
    private readonly string _path;
    private readonly Timer _timer;
    private long _began;

    internal Watch(string name)
    {
        _path = Path.Combine(Path.GetTempPath(), $"varve-fuzz-last-{name}-{Environment.ProcessId}");
        _last = new FileStream(_path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        _timer = new Timer(_ => Look(), null, 1000, 1000);
    }

    /// <summary>An input begins.</summary>
    internal void Begin(ReadOnlySpan<byte> input)
    {
        _last.Position = 0;
        _last.Write(input);
        _last.SetLength(input.Length);
        Volatile.Write(ref _began, Environment.TickCount64);
    }

    /// <summary>It has ended.</summary>
    internal void End() => Volatile.Write(ref _began, 0);

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        _last.Dispose();
        File.Delete(_path);
    }

    private void Look()
    {
        long began = Volatile.Read(ref _began);
        if (began == 0 || Environment.TickCount64 - began < LimitMilliseconds) { return; }
        Environment.FailFast($"an input does not come to an end: {_path}");
    }
}
